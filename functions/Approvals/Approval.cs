using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using PracticPro.Approvals.Published;
using PracticPro.Egress;
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
/// One action that may leave only if a person approves exactly it. Holds what would leave, its digest, what the gates said
/// when it was shown, who decided, and how far sending got.
/// </summary>
/// <param name="Connection">The account it leaves by; null for the practice's own list.</param>
/// <param name="ThreadId">The provider's conversation a mail answers in; null for a new one, and for what is no mail.</param>
/// <param name="Revision">Counts edits from 1. Every revision has bytes, a mark of its own and a digest.</param>
/// <param name="Outgoing">The exact bytes that would leave; empty where they are kept apart: see <see cref="Bytes"/>.</param>
/// <param name="OutgoingSha256">Their SHA-256, for the permit.</param>
/// <param name="Write">The call that would be made, for events and tasks of a connected account.</param>
/// <param name="Gates">As last shown.</param>
/// <param name="VoidedBecause">Why the last approval of it does not count any more, if there was one.</param>
/// <param name="Progress">How far sending got; null until it began.</param>
internal sealed record Approval(
    ApprovalId Id,
    ConnectionId? Connection,
    string? ThreadId,
    ApprovalState State,
    int Revision,
    OutgoingAction Action,
    byte[] Outgoing,
    byte[] OutgoingSha256,
    OutgoingWrite? Write,
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

    /// <summary>The action, where it is a mail.</summary>
    /// <exception cref="InvalidOperationException">It is none.</exception>
    [JsonIgnore]
    public OutgoingMail Mail => Action as OutgoingMail ?? throw new InvalidOperationException("No mail.");

    /// <summary>Whether what is stored is still what was decided about: everything is computed anew.</summary>
    [JsonIgnore]
    public bool IsWhatWasApproved =>
        Decision is { } decision
        && (Bytes is not { } bytes || SHA256.HashData(bytes).AsSpan().SequenceEqual(OutgoingSha256))
        && ActionDigest.Of(Action, OutgoingSha256, Connection, Gates).Matches(decision.Digest.Hex);

    /// <summary>
    /// The exact bytes; null for a mail with attachments, which lie apart: its bytes are written anew from them, and leave
    /// only if they have the SHA-256 that was approved.
    /// </summary>
    [JsonIgnore]
    public byte[]? Bytes => Write?.Bytes ?? (Action is OutgoingMail { Attachments.IsEmpty: false } ? null : Outgoing);

    public static string StatePrefix(ApprovalState state) => $"{IndexText.State(state)}|";

    /// <summary>The same approval as it is now shown: what would leave, what the gates say, a digest over both, and no decision.</summary>
    public static Approval Revise(Approval approval, Composed composed, ImmutableArray<GateResult> gates) => approval with
    {
        Action = composed.Action,
        Outgoing = composed.Kept,
        OutgoingSha256 = composed.Sha256,
        Write = composed.Write,
        Gates = gates,
        Digest = ActionDigest.Of(composed.Action, composed.Sha256, approval.Connection, gates),
        Decision = null,
        State = ApprovalState.Waiting,
    };

    /// <summary>The same with the same action: only the gates say something else.</summary>
    public static Approval Revise(Approval approval, ImmutableArray<GateResult> gates) => Revise(
        approval, new Composed(approval.Action, approval.Outgoing, approval.OutgoingSha256, approval.Write), gates);

    /// <summary>Schema 1 knew mails without attachments and nothing else.</summary>
    public static Approval FromSchema1(JsonElement json)
    {
        var held = json.Deserialize<Schema1>(JsonShapes.Stored)!;
        return new Approval(
            held.Id, held.Connection, held.ThreadId, held.State, held.Revision, held.Mail, held.Mime, held.MimeSha256,
            Write: null, held.Digest, held.Gates, held.ProposedBy, held.ProposedAt, held.ExpiresAt, held.Because, held.Decision,
            held.VoidedBecause, held.Progress);
    }

    private sealed record Schema1(
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
        SendProgress? Progress = null);
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
/// <param name="DraftTriedAt">Set before the provider is asked to make a draft. Mails only.</param>
/// <param name="DraftId">The one draft made at the provider. Mails only.</param>
/// <param name="AttemptedAt">Set before the provider is asked to send or write.</param>
/// <param name="LooksAfter">How often the provider was asked what became of it.</param>
/// <param name="SentId">The provider's id of what was sent or written.</param>
internal sealed record SendProgress(
    DateTimeOffset ReleasedAt,
    DateTimeOffset? DraftTriedAt = null,
    string? DraftId = null,
    DateTimeOffset? AttemptedAt = null,
    int LooksAfter = 0,
    string? SentId = null,
    DateTimeOffset? EndedAt = null,
    string? FailureCode = null);
