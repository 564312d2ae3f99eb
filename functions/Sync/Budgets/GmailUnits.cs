using System.Collections.Frozen;
using PracticPro.Egress;

namespace PracticPro.Sync.Budgets;

/// <summary>
/// What a call to Gmail costs in quota units, the same in every format. Source: Gmail API, "Usage limits", table of
/// 2026-05-01.
/// </summary>
internal static class GmailUnits
{
    private static readonly FrozenDictionary<string, int> ByOperation = new Dictionary<string, int>
    {
        // Nothing of its own: each read in it is charged as if it went alone.
        ["gmail-batch"] = 0,
        ["gmail-profile"] = 1,
        ["gmail-labels-list"] = 1,
        ["gmail-labels-get"] = 1,
        ["gmail-send-as-list"] = 1,
        ["gmail-history-list"] = 2,
        ["gmail-messages-list"] = 5,
        ["gmail-drafts-list"] = 5,
        ["gmail-drafts-create"] = 10,
        ["gmail-drafts-delete"] = 10,
        ["gmail-threads-list"] = 10,
        ["gmail-drafts-update"] = 15,
        ["gmail-messages-get"] = 20,
        ["gmail-messages-parts"] = 20,
        ["gmail-attachments-get"] = 20,
        ["gmail-drafts-get"] = 20,
        ["gmail-threads-get"] = 40,
        ["gmail-stop"] = 50,
        ["gmail-watch"] = 100,
        ["gmail-messages-send"] = 100,
        ["gmail-drafts-send"] = 100,
    }.ToFrozenDictionary();

    /// <summary>The dearest there is, for one that is not in the table.</summary>
    public const int Dearest = 100;

    public static bool IsKnown(ProviderOperation operation) => ByOperation.ContainsKey(operation.Name);

    public static int Of(ProviderOperation operation) => ByOperation.GetValueOrDefault(operation.Name, Dearest);
}
