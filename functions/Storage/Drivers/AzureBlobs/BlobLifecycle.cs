namespace PracticPro.Storage.Drivers.AzureBlobs;

/// <summary>
/// The containers of the account, and what the account itself deletes in each. <c>infra/</c> makes them so, and a test
/// holds the two together. The first segment of a blob's name says its container: what may never be deleted and what is
/// deleted by age cannot share one, since the account's rules know prefixes from the left and a tenant stands there.
/// </summary>
internal static class BlobLifecycle
{
    /// <summary>Of every tenant, under <c>{tenant}/</c>. The program deletes them, as the tenant's retention says.</summary>
    public const string Records = "records";

    /// <summary>Checkpoints and tiles of the audit logs, under <c>{tenant}/audit/</c>. Immutable.</summary>
    public const string Audit = "audit";

    /// <summary>Exports made for a person, under <c>{tenant}/exports/</c>. Deleted by age.</summary>
    public const string Exports = "exports";

    /// <summary>What the whole program keeps once and never changes. No tenant's.</summary>
    public const string Platform = "platform";

    /// <summary>How long an audit blob can be neither changed nor deleted (AUD-3). Longer than seven years of any length.</summary>
    public const int AuditRetentionDays = (7 * 365) + 2;

    /// <summary>
    /// Days for which a deleted blob can still be restored: its version is deleted after them. As long as the longest
    /// point-in-time restore (OPS-1), well within the 90 days after which a deletion must have reached the backups (DEL-3).
    /// </summary>
    public const int RestorableDays = 30;

    /// <summary>Every container, in ordinal order.</summary>
    public static readonly IReadOnlyList<ContainerRule> All =
    [
        new(Audit, FirstSegment: "audit", Immutable: true, DeleteAfterDays: null),
        new(Exports, FirstSegment: "exports", Immutable: false, DeleteAfterDays: 7),
        new(Platform, FirstSegment: null, Immutable: true, DeleteAfterDays: null),
        new(Records, FirstSegment: null, Immutable: false, DeleteAfterDays: null),
    ];
}

/// <summary>One container of the account.</summary>
/// <param name="FirstSegment">Blobs whose name begins with this segment lie here; null for none in particular.</param>
/// <param name="Immutable">Version-level immutability is enabled on it.</param>
/// <param name="DeleteAfterDays">Age at which the account deletes a blob; null for never. Rule's prefix: the container.</param>
internal sealed record ContainerRule(string Name, string? FirstSegment, bool Immutable, int? DeleteAfterDays);
