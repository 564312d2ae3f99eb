using System.Security.Cryptography;
using System.Text;
using PracticPro.Approvals.Published;
using PracticPro.Sync.Published;

namespace PracticPro.Approvals;

/// <summary>Marks of what is written at a provider: equal for equal revisions, so that it is found again there.</summary>
internal static class ApprovalMarks
{
    private const int MarkBytes = 16;

    public static WriteMark Of(ApprovalId id, int revision) => new(Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{id}.r{revision}")).AsSpan(0, MarkBytes)));
}
