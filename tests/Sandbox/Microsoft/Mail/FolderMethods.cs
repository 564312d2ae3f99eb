using System.Text.Json.Nodes;
using PracticPro.Sandbox.Microsoft.Graph;

namespace PracticPro.Sandbox.Microsoft.Mail;

/// <summary>mailFolders: list, get, children, delta, and what a client may change.</summary>
internal static class FolderMethods
{
    public static GraphAnswer List(GraphCall call) => Children(call, call.Account.Mail.Root);

    public static GraphAnswer ListChildren(GraphCall call) =>
        Asked(call) is OutlookFolder folder ? Children(call, folder.Key) : GraphError.NotFound();

    public static GraphAnswer Get(GraphCall call) =>
        Asked(call) is OutlookFolder folder ? Write(call, folder) : GraphError.NotFound();

    /// <summary>All folders of the mailbox, however deep.</summary>
    public static GraphAnswer Delta(GraphCall call) => DeltaRound.Answer(
        call, new DeltaState("mailFolders", 0, 0, 0), state => Entries(call, state));

    public static GraphAnswer Create(GraphCall call)
    {
        string? name = (string?)call.Body["displayName"];
        string? parent = call.Request.RouteValues.ContainsKey("folder") ? Asked(call)?.Key : call.Account.Mail.Root;
        if (parent is null)
        {
            return GraphError.NotFound();
        }

        return string.IsNullOrEmpty(name)
            ? GraphError.BadRequest("displayName is required.")
            : GraphAnswer.Created(Write(call, call.Account.Mail.AddFolder(name, parent)));
    }

    public static OutlookFolder? Asked(GraphCall call) => call.Account.Mail.FindFolder(call.Route("folder"));

    private static JsonObject Children(GraphCall call, string parent) => call.Page(
        [.. call.Account.Mail.Folders.Where(folder => folder.Parent == parent)], folder => Write(call, folder));

    private static IEnumerable<DeltaEntry> Entries(GraphCall call, DeltaState state)
    {
        IEnumerable<DeltaEntry> live = call.Account.Mail.Folders
            .Where(folder => folder.Revision > state.After && folder.Revision <= state.UpTo)
            .Select(folder => new DeltaEntry(folder.Revision, false, () => Write(call, folder)));
        IEnumerable<DeltaEntry> lost = call.Account.Mail.LostFolders
            .Where(loss => state.Since > 0 && loss.Revision > state.After && loss.Revision <= state.UpTo)
            .Select(loss => DeltaEntry.Removed(loss.Revision, loss.Folder, "deleted"));
        return live.Concat(lost).OrderBy(entry => entry.Revision);
    }

    private static JsonObject Write(GraphCall call, OutlookFolder folder) => new()
    {
        ["id"] = folder.Key,
        ["displayName"] = folder.DisplayName,
        ["parentFolderId"] = folder.Parent,
        ["childFolderCount"] = call.Account.Mail.Folders.Count(child => child.Parent == folder.Key),
        ["unreadItemCount"] = folder.Unread,
        ["totalItemCount"] = folder.Messages.Count,
        ["sizeInBytes"] = folder.Messages.Count * 10_000,
        ["isHidden"] = false,
    };
}
