using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.Microsoft.Graph;

/// <summary>Something a delta query tells: an item as it is now, or that one went.</summary>
internal sealed record DeltaEntry(long Revision, bool IsRemoval, Func<JsonObject> Write)
{
    /// <summary>Tells apart what one change brought about, as a series and its occurrences.</summary>
    public int Ordinal { get; init; }

    /// <summary>"changed": it may still be somewhere else. "deleted": it may be gone. Neither is certain.</summary>
    public static DeltaEntry Removed(long revision, string id, string reason) => new(revision, true, () => new JsonObject
    {
        ["id"] = id,
        ["@removed"] = new JsonObject { ["reason"] = reason },
    });
}

/// <summary>
/// Pages a delta query: everything that changed after the last round, oldest change first, with either a link to the
/// next page or, on the last, the link of the next round. What changes meanwhile waits for the next round.
/// </summary>
internal static class DeltaRound
{
    /// <param name="call">The request.</param>
    /// <param name="first">The state a new query begins with, its scope above all.</param>
    /// <param name="entries">What lies after After, or at it, and up to UpTo of a state, in order.</param>
    public static GraphAnswer Answer(
        GraphCall call, DeltaState first, Func<DeltaState, IEnumerable<DeltaEntry>> entries)
    {
        string? token = call.Query("$skiptoken") ?? call.Query("$deltatoken");
        DeltaState? state = token is null ? first : call.Account.Deltas.Find(token);
        if (state is null || state.Scope != first.Scope)
        {
            return Lost(call);
        }

        IReadOnlyList<DeltaEntry> replayed = [];
        if (!state.HasBegun)
        {
            state = state with
            {
                After = state.Since, AfterOrdinal = int.MaxValue, UpTo = call.Account.Revision, HasBegun = true,
            };
            if (call.Account.Settings.EmptyPages)
            {
                return Page(call, [], "$skiptoken", state);
            }

            replayed = [.. Replayed(call, state, entries)];
        }

        int size = call.PageSize();
        DeltaEntry[] news = [.. entries(state)
            .Where(entry => entry.Revision > state.After || entry.Ordinal > state.AfterOrdinal).Take(size + 1)];
        return news.Length > size
            ? Page(call, [.. replayed, .. news[..size]], "$skiptoken",
                state with { After = news[size - 1].Revision, AfterOrdinal = news[size - 1].Ordinal })
            : Page(call, [.. replayed, .. news], "$deltatoken", state with { Since = state.UpTo, HasBegun = false });
    }

    /// <summary>Items that did not change are told again now and then.</summary>
    private static IEnumerable<DeltaEntry> Replayed(
        GraphCall call, DeltaState state, Func<DeltaState, IEnumerable<DeltaEntry>> entries) =>
        call.Account.Settings.Replays == 0
            ? []
            : entries(state with { Since = 0, After = 0, UpTo = state.Since }).Where(entry => !entry.IsRemoval)
                .TakeLast(call.Account.Settings.Replays);

    private static JsonObject Page(GraphCall call, IEnumerable<DeltaEntry> told, string tokenName, DeltaState next) => new()
    {
        ["@odata.context"] = $"{call.Request.Scheme}://{call.Request.Host}/v1.0/$metadata#Collection({next.Scope})",
        ["value"] = new JsonArray([.. told.Select(entry => (JsonNode)entry.Write())]),
        [tokenName == "$skiptoken" ? "@odata.nextLink" : "@odata.deltaLink"] =
            call.Link((tokenName, call.Account.Deltas.Issue(next))),
    };

    private static GraphError Lost(GraphCall call)
    {
        const string sentence = "The sync state generation is not found. Start over without a token.";
        return call.Account.Settings.LostSyncState switch
        {
            LostSyncState.ResyncRequired => new GraphError(410, "resyncRequired", sentence),
            LostSyncState.NotFound => new GraphError(404, "syncStateNotFound", sentence),
            LostSyncState.Invalid => new GraphError(400, "SyncStateInvalid", sentence),
            _ => new GraphError(410, "SyncStateNotFound", sentence)
            {
                Location = $"{call.Request.Scheme}://{call.Request.Host}{call.Request.Path}",
            },
        };
    }
}
