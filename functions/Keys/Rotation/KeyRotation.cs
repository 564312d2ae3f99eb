using System.Collections.Immutable;
using System.Text.Json;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Keys.Rotation;

/// <summary>Why keys are rotated. It decides how deep and how fast.</summary>
internal enum RotationReason
{
    /// <summary>The tenant's key alone has its age: it gets a new version, and the data keys are wrapped anew.</summary>
    TenantKeyDue,

    /// <summary>Data keys have their age as well: they get a new generation, and everything is sealed anew.</summary>
    DataKeysDue,

    /// <summary>A person of the practice, or who runs the program, asked for it. As deep as the one before.</summary>
    Asked,

    /// <summary>Somebody may have keys who should not: everything, at once, and everybody is signed out.</summary>
    Compromised,
}

/// <summary>How far a rotation is. The order is in <see cref="RotationTable"/>.</summary>
internal enum RotationStage
{
    /// <summary>All sessions and all leases are ended.</summary>
    EndSessions,

    /// <summary>The tenant's key gets a new version.</summary>
    RenewKey,

    /// <summary>Data keys are wrapped under it.</summary>
    Rewrap,

    /// <summary>Data keys get their next generation, which seals nothing yet.</summary>
    MakeGenerations,

    /// <summary>Every process is told to let go of keys, so that all know the new generation.</summary>
    Announce,

    /// <summary>The new generation is told from when it seals.</summary>
    SetMoment,

    /// <summary>Until the new generation seals everywhere.</summary>
    AwaitMoment,

    /// <summary>Once more, so that nothing goes on that was begun under the old generation.</summary>
    AnnounceAgain,

    /// <summary>Old versions of the tenant's key are switched off: nothing is wrapped under them any more.</summary>
    SwitchOff,

    /// <summary>Every document is looked at, and sealed anew if need be.</summary>
    Reseal,

    /// <summary>Until nothing that was begun under the old generation can still be written.</summary>
    Settle,

    /// <summary>Every document is looked at again. What is found under an old generation leads back to sealing anew.</summary>
    Count,

    /// <summary>Old generations that nothing uses are deleted.</summary>
    Retire,

    Finished,
}

/// <summary>The next generation of one purpose.</summary>
internal sealed record NewGeneration(string Use, uint Generation);

/// <summary>
/// One tenant's rotation, under way or the last one: document <c>key-rotation</c>, id <c>current</c>. Not sealed, so that it
/// can be read whatever becomes of keys: it holds stages, counts and times.
/// </summary>
/// <param name="Id">22 characters, base64url.</param>
/// <param name="AskedBy">The actor's label.</param>
internal sealed record KeyRotation(
    string Id,
    RotationReason Reason,
    string AskedBy,
    DateTimeOffset BegunAt,
    RotationStage Stage)
{
    public static readonly DocumentKind Documents = DocumentKind.Of("key-rotation");

    public static readonly DocumentKey Key = Documents.Key("current");

    /// <summary>What data keys are to be wrapped under; null before it is made.</summary>
    public KeyVersion? KeyVersion { get; init; }

    /// <summary>By purpose; empty before they are made.</summary>
    public ImmutableArray<NewGeneration> Generations { get; init; } = [];

    /// <summary>When the new generations begin to seal.</summary>
    public DateTimeOffset? SealsFrom { get; init; }

    /// <summary>Nothing is to be done before.</summary>
    public DateTimeOffset? WaitUntil { get; init; }

    /// <summary>Where the walk goes on.</summary>
    public string? Position { get; init; }

    /// <summary>Documents looked at in this walk.</summary>
    public long Looked { get; init; }

    /// <summary>Documents sealed anew, in all walks.</summary>
    public long Resealed { get; init; }

    /// <summary>Found in this count under an old generation, by purpose.</summary>
    public ImmutableSortedDictionary<string, long> LeftBehind { get; init; } = ImmutableSortedDictionary<string, long>.Empty;

    /// <summary>Documents of kinds this program does not know, found in this count.</summary>
    public long Unknown { get; init; }

    /// <summary>Walks that sealed anew.</summary>
    public int Passes { get; init; }

    /// <summary>Purposes whose old generations could not be deleted, because something still uses them.</summary>
    public ImmutableArray<string> Kept { get; init; } = [];

    /// <summary>Code of what stopped the last step; it is tried again.</summary>
    public string? Trouble { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public bool IsUnderWay => Stage != RotationStage.Finished;

    /// <summary>Whether a document sealed under this generation of that purpose is to be sealed anew.</summary>
    public bool IsOld(Purpose purpose, uint generation) => NewOf(purpose.Word()) is { } newest && generation != newest;

    public uint? NewOf(string use) => Generations.FirstOrDefault(made => made.Use == use)?.Generation;

    public Operation Put(Condition condition) =>
        new Operation.Put(new Document(Key, JsonSerializer.SerializeToUtf8Bytes(this, JsonShapes.Stored)), condition);

    public static async ValueTask<StoredRotation?> FindAsync(IDocuments documents, CancellationToken cancellation) =>
        await documents.FindAsync(Key, cancellation) is { } stored
            ? new StoredRotation(
                JsonSerializer.Deserialize<KeyRotation>(stored.Document.Body.Span, JsonShapes.Stored)
                    ?? throw new StorageCorruptException("a rotation is empty"),
                stored.Version)
            : null;
}

/// <summary>A rotation as it was read.</summary>
internal sealed record StoredRotation(KeyRotation Value, DocumentVersion Version);
