using System.Collections.Immutable;
using System.Security.Cryptography;
using PracticPro.Approvals.Published;
using PracticPro.Kernel;
using PracticPro.Sync.Published;
using PracticPro.Vault;

namespace PracticPro.Approvals;

/// <summary>Where an approval stands. <see cref="ApprovalTransitions"/> says what may follow what.</summary>
internal enum ApprovalState
{
    /// <summary>A person has to decide.</summary>
    Waiting,

    /// <summary>Approved; held back for the undo delay.</summary>
    Approved,

    /// <summary>Leave to send was given; it may be on its way.</summary>
    Sending,

    Sent,

    /// <summary>It may or may not have gone out, and the provider cannot tell. Never sent again by itself.</summary>
    Unknown,

    /// <summary>It did not go out, and will not by itself.</summary>
    Failed,

    Rejected,

    Expired,
}

/// <summary>
/// One mail that may leave only if a person approves exactly it. Holds the bytes that would leave, their digest, what
/// the gates said when it was shown, who decided, and how far sending got.
/// </summary>
/// <param name="Connection">The mailbox it leaves from.</param>
/// <param name="ThreadId">The provider's conversation it answers in; null for a new one.</param>
/// <param name="Revision">Counts edits from 1. Every revision has bytes, a Message-ID and a digest of its own.</param>
/// <param name="Mime">The exact bytes.</param>
/// <param name="MimeSha256">Their SHA-256, for the permit.</param>
/// <param name="Gates">As last shown.</param>
/// <param name="VoidedBecause">Why the last approval of it does not count any more, if there was one.</param>
/// <param name="Progress">How far sending got; null until it began.</param>
internal sealed record Approval(
    ApprovalId Id,
    ConnectionId Connection,
    string? ThreadId,
    ApprovalState State,
    int Revision,
    OutgoingMail Mail,
    byte[] Mime,
    byte[] MimeSha256,
    ActionDigest Digest,
    ImmutableArray<GateResult> Gates,
    Actor ProposedBy,
    DateTimeOffset ProposedAt,
    DateTimeOffset ExpiresAt,
    string Because,
    Decision? Decision = null,
    string? VoidedBecause = null,
    SendProgress? Progress = null)
{
    public const string ByState = "by-state";
    public const string ByRelease = "by-release";

    /// <summary>The longest an approval waits for a decision.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    public static string StatePrefix(ApprovalState state) => $"{IndexText.State(state)}|";

    /// <summary>
    /// The same approval with other content: a new revision with its own bytes, Message-ID and digest, and no decision.
    /// </summary>
    public static Approval Revise(Approval approval, OutgoingMail mail, ImmutableArray<GateResult> gates)
    {
        var mime = MimeWriter.Write(mail);
        return approval with
        {
            Mail = mail,
            Mime = mime,
            MimeSha256 = SHA256.HashData(mime),
            Gates = gates,
            Digest = ActionDigest.Of(mail, mime, approval.Connection.Text, gates),
            Decision = null,
            State = ApprovalState.Waiting,
        };
    }

    /// <summary>Whether the stored bytes are still what was decided about: everything is computed anew.</summary>
    public bool IsWhatWasApproved =>
        Decision is { } decision
        && SHA256.HashData(Mime).AsSpan().SequenceEqual(MimeSha256)
        && ActionDigest.Of(Mail, Mime, Connection.Text, Gates).Matches(decision.Digest.Hex);
}

/// <param name="Digest">What the person had before them, as their page sent it back.</param>
/// <param name="SendAfter">End of the undo delay; null for a rejection.</param>
/// <param name="Reason">Why it was rejected; the person's own words, sealed with the approval.</param>
internal sealed record Decision(
    PersonId By,
    DateTimeOffset SignedInAt,
    DateTimeOffset At,
    ActionDigest Digest,
    DateTimeOffset? SendAfter,
    string? Reason);

/// <summary>How far sending got. Each field is written before the step after it is taken.</summary>
/// <param name="ReleasedAt">When the gates let it go.</param>
/// <param name="DraftTriedAt">Set before the provider is asked to make a draft.</param>
/// <param name="DraftId">The one draft made at the provider.</param>
/// <param name="AttemptedAt">Set before the provider is asked to send.</param>
/// <param name="LooksAfter">How often the provider was asked what became of it.</param>
/// <param name="SentId">The provider's id of the sent message.</param>
internal sealed record SendProgress(
    DateTimeOffset ReleasedAt,
    DateTimeOffset? DraftTriedAt = null,
    string? DraftId = null,
    DateTimeOffset? AttemptedAt = null,
    int LooksAfter = 0,
    string? SentId = null,
    DateTimeOffset? EndedAt = null,
    string? FailureCode = null);
