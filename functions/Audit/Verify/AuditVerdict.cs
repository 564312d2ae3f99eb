using System.Collections.Immutable;

namespace PracticPro.Audit.Verify;

internal enum KeyStanding
{
    /// <summary>No good signature, so there is nothing to say of its key.</summary>
    Unknown,

    /// <summary>Signed by the key that lies in the folder. Whoever made the folder may have made the key as well.</summary>
    NotPinned,

    /// <summary>Signed by the key the caller named.</summary>
    Pinned,

    /// <summary>Signed by a key that statements of succession lead to from the one the caller named.</summary>
    PinnedBySuccession,
}

/// <summary>
/// What can be said of an exported log. Integrity and completeness are two verdicts: a log whose end was cut off may
/// hold only true leaves, and a log that holds every leaf may hold a false one besides.
/// Complete means up to the checkpoint. That no later checkpoint exists cannot be seen from a folder.
/// </summary>
/// <param name="Origin">Whose log it says it is; null when the checkpoint cannot be read.</param>
/// <param name="Leaves">Leaves in the folder.</param>
/// <param name="KeyId">SHA-256 over the public key in the folder; null when there is none.</param>
/// <param name="Defects">The first defects found, at most <see cref="DefectList.Maximum"/>.</param>
/// <param name="FurtherDefects">How many more there are.</param>
/// <param name="CommittedValues">Personal values the leaves commit to.</param>
/// <param name="DisclosedValues">Those that were disclosed and are the logged ones. The rest is erased or withheld.</param>
internal sealed record AuditVerdict(
    string? Origin,
    long Leaves,
    bool HasIntegrity,
    bool IsComplete,
    KeyStanding Key,
    string? KeyId,
    ImmutableArray<Defect> Defects,
    long FurtherDefects,
    long CommittedValues,
    long DisclosedValues)
{
    /// <summary>Nothing wrong inside. Says nothing yet about who signed.</summary>
    public bool IsConsistent => HasIntegrity && IsComplete;

    /// <summary>Nothing wrong inside, and signed by the pinned key or one of its line.</summary>
    public bool IsWhole => IsConsistent && Key is (KeyStanding.Pinned or KeyStanding.PinnedBySuccession);
}

/// <summary>What the caller knows from elsewhere. Every part that is given must fit.</summary>
/// <param name="PinnedKeyId"><see cref="CheckpointKey.KeyId"/> of the key that must have signed.</param>
/// <param name="Earlier">A checkpoint kept from before: its leaves must still stand at the start.</param>
/// <param name="Origin">Whose log it must be.</param>
/// <param name="Successions">Statements of succession known from elsewhere, beside those that lie in the folder.</param>
internal sealed record AuditExpectations(
    string? PinnedKeyId = null,
    CheckpointNote? Earlier = null,
    string? Origin = null,
    ImmutableArray<SuccessionNote>? Successions = null)
{
    public static readonly AuditExpectations None = new();
}

/// <summary>Defects as they are found, the first ones kept, all counted: a ruined file must not fill the memory.</summary>
internal sealed class DefectList
{
    public const int Maximum = 50;

    private readonly ImmutableArray<Defect>.Builder kept = ImmutableArray.CreateBuilder<Defect>();

    public ImmutableArray<Defect> Kept => kept.ToImmutable();

    public long Further { get; private set; }

    public Aspect Taken { get; private set; }

    public void Add(Defect defect)
    {
        Taken |= defect.Takes;
        if (kept.Count < Maximum)
        {
            kept.Add(defect);
        }
        else
        {
            Further++;
        }
    }
}
