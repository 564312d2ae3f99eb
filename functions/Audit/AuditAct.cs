using System.Diagnostics.CodeAnalysis;
using PracticPro.Audit.Verify;

namespace PracticPro.Audit;

/// <summary>
/// What can be done that is written down. A closed set: a leaf is composed from one of these values, so a word that is
/// not in the register cannot be logged. A word, once used, is never renamed and never used for something else.
/// </summary>
internal sealed record AuditAct
{
    // Must stand before the acts: they enter themselves here, in the order they are written below.
    private static readonly Dictionary<string, AuditAct> Registered = new(StringComparer.Ordinal);

    public static readonly AuditAct PracticeCreated = new("practice-created", "Access", "AUD-2");
    public static readonly AuditAct PersonSignedIn = new("person-signed-in", "Access", "AUD-2");
    public static readonly AuditAct SignInFailed = new("sign-in-failed", "Access", "AUD-2");
    public static readonly AuditAct SessionEnded = new("session-ended", "Access", "AUD-2");
    public static readonly AuditAct SessionsEnded = new("sessions-ended", "Access", "AUD-2");
    public static readonly AuditAct ConnectionStarted = new("connection-started", "Sync", "AUD-2");
    public static readonly AuditAct ConnectionMade = new("connection-made", "Sync", "AUD-2");
    public static readonly AuditAct ConnectionLost = new("connection-lost", "Sync", "AUD-2");
    public static readonly AuditAct ConnectionEnded = new("connection-ended", "Sync", "AUD-2");
    public static readonly AuditAct GrantGivenBack = new("grant-given-back", "Sync", "AUD-2");
    public static readonly AuditAct MailSynced = new("mail-synced", "Sync", "AUD-2");
    public static readonly AuditAct MailResynced = new("mail-resynced", "Sync", "AUD-2");
    public static readonly AuditAct ItemsSynced = new("items-synced", "Sync", "AUD-2");
    public static readonly AuditAct ItemsResynced = new("items-resynced", "Sync", "AUD-2");
    public static readonly AuditAct SyncHoleOpened = new("sync-hole-opened", "Sync", "AUD-2");
    public static readonly AuditAct SyncHoleClosed = new("sync-hole-closed", "Sync", "AUD-2");
    public static readonly AuditAct SyncReplayDiffered = new("sync-replay-differed", "Sync", "AUD-2");
    public static readonly AuditAct DraftMade = new("draft-made", "Assistant", "AUD-2");
    public static readonly AuditAct ApprovalProposed = new("approval-proposed", "Approvals", "AUD-2");
    public static readonly AuditAct ApprovalApproved = new("approval-approved", "Approvals", "AUD-2");
    public static readonly AuditAct ApprovalEdited = new("approval-edited", "Approvals", "AUD-2");
    public static readonly AuditAct ApprovalRejected = new("approval-rejected", "Approvals", "AUD-2");
    public static readonly AuditAct ApprovalExpired = new("approval-expired", "Approvals", "AUD-2");
    public static readonly AuditAct ApprovalVoided = new("approval-voided", "Approvals", "AUD-2");
    public static readonly AuditAct MailSendReleased = new("mail-send-released", "Approvals", "AUD-2");
    public static readonly AuditAct MailSendAttempted = new("mail-send-attempted", "Approvals", "AUD-2");
    public static readonly AuditAct MailSent = new("mail-sent", "Approvals", "AUD-2");
    public static readonly AuditAct MailSendUnknown = new("mail-send-unknown", "Approvals", "AUD-2");
    public static readonly AuditAct MailSendFailed = new("mail-send-failed", "Approvals", "AUD-2");
    public static readonly AuditAct AuditExported = new("audit-exported", "Audit", "AUD-2", "AUD-4");
    public static readonly AuditAct AuditRead = new("audit-read", "Audit", "AUD-2", "AUD-4");
    public static readonly AuditAct AuditValuesErased = new("audit-values-erased", "Audit", "AUD-2");
    public static readonly AuditAct WebhookRefused = new("webhook-refused", "Web", "AUD-2");
    public static readonly AuditAct KeysRotationBegun = new("keys-rotation-begun", "Keys", "AUD-2", "ENC-2");
    public static readonly AuditAct KeysRotated = new("keys-rotated", "Keys", "AUD-2", "ENC-2");
    public static readonly AuditAct SettingChanged = new("setting-changed", "Access", "AUD-2");
    public static readonly AuditAct LeaseGranted = new("lease-granted", "Keys", "AUD-2", "STAFF-2");
    public static readonly AuditAct LeaseRevoked = new("lease-revoked", "Keys", "AUD-2", "STAFF-2");
    public static readonly AuditAct LeaseOpened = new("lease-opened", "Keys", "AUD-2", "STAFF-2");

    public static readonly AuditAct KeysDestructionAsked = new("keys-destruction-asked", "Keys", "AUD-2", "ENC-4");
    public static readonly AuditAct KeysDestroyed = new("keys-destroyed", "Keys", "AUD-2", "ENC-4");
    public static readonly AuditAct KeysDestructionFinal = new("keys-destruction-final", "Keys", "AUD-2", "ENC-4");

    public static readonly AuditAct WriteReleased = new("write-released", "Approvals", "AUD-2");
    public static readonly AuditAct WriteAttempted = new("write-attempted", "Approvals", "AUD-2");
    public static readonly AuditAct WriteDone = new("write-done", "Approvals", "AUD-2");
    public static readonly AuditAct WriteUnknown = new("write-unknown", "Approvals", "AUD-2");
    public static readonly AuditAct WriteFailed = new("write-failed", "Approvals", "AUD-2");
    public static readonly AuditAct TaskAdded = new("task-added", "Tasks", "AUD-2");
    public static readonly AuditAct TaskCompleted = new("task-completed", "Tasks", "AUD-2");
    public static readonly AuditAct TaskReopened = new("task-reopened", "Tasks", "AUD-2");

    private AuditAct(string word, string area, params string[] promises)
    {
        (Word, Area, Promises) = (word, area, promises);
        if (!LeafWords.IsName(word) || !promises.All(LeafWords.IsPromise) || !Registered.TryAdd(word, this))
        {
            throw new InvalidOperationException($"The act {word} is misspelt or registered twice.");
        }
    }

    public static IReadOnlyCollection<AuditAct> All => Registered.Values;

    /// <summary>The word in the leaf: lower case with hyphens, the thing first, then what became of it.</summary>
    public string Word { get; }

    /// <summary>The room it is done in.</summary>
    public string Area { get; }

    /// <summary>Ids of the promises a leaf of this act is evidence for.</summary>
    public IReadOnlyList<string> Promises { get; }

    public static bool TryParse(string word, [NotNullWhen(true)] out AuditAct? act) =>
        Registered.TryGetValue(word, out act);

    public override string ToString() => Word;
}
