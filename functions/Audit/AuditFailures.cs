using PracticPro.Kernel;

namespace PracticPro.Audit;

/// <summary>Every expected way in which the audit log says no.</summary>
internal static class AuditFailures
{
    internal sealed record CursorOfAnotherList()
        : Failure.Invalid("audit-cursor-unknown", "This is not a place in the audit log. Start from the first page.");

    internal sealed record FolderTaken()
        : Failure.Conflict("audit-folder-taken", "There is something of that name already. Choose another folder.");
}
