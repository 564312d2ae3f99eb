namespace PracticPro.Audit;

/// <summary>
/// The stored log is shorter than a checkpoint that was signed over it. Somebody put an older copy in its place, or
/// cut it. Nothing is signed until a person has looked.
/// </summary>
internal sealed class AuditLogRolledBackException(long signed, long found)
    : Exception($"The audit log has {found} leaves, but a checkpoint covers {signed}.")
{
    public long Signed { get; } = signed;

    public long Found { get; } = found;
}

/// <summary>The stored log or what is kept of its checkpoints is not what was signed or written.</summary>
internal sealed class AuditLogAlteredException(string what) : Exception($"The audit log was altered: {what}.");
