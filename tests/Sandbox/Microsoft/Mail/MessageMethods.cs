using System.Globalization;
using System.Text.Json.Nodes;
using PracticPro.Sandbox.Microsoft.Graph;

namespace PracticPro.Sandbox.Microsoft.Mail;

/// <summary>Reading messages: lists, one, its bytes, and the changes of a folder.</summary>
internal static class MessageMethods
{
    public static GraphAnswer List(GraphCall call) => List(call, call.Account.Mail.Messages);

    public static GraphAnswer ListFolder(GraphCall call) =>
        FolderMethods.Asked(call) is OutlookFolder folder ? List(call, folder.Messages) : GraphError.NotFound();

    public static GraphAnswer Get(GraphCall call)
    {
        if (Asked(call) is not OutlookMessage message)
        {
            return GraphError.NotFound();
        }

        IReadOnlyList<string>? select = call.Select();
        CountBodies(call, select);
        return OutlookMessageJson.Unknown(select) is GraphError stranger
            ? stranger
            : OutlookMessageJson.Write(call, message, select, isAlone: true);
    }

    public static GraphAnswer GetBytes(GraphCall call)
    {
        if (Asked(call) is not OutlookMessage message)
        {
            return GraphError.NotFound();
        }

        call.World.Traffic.CountBody();
        return GraphAnswer.Of(message.Letter.Mime(message.ReceivedAt), "text/plain");
    }

    public static GraphAnswer Delta(GraphCall call)
    {
        if (FolderMethods.Asked(call) is not OutlookFolder folder)
        {
            return GraphError.NotFound();
        }

        IReadOnlyList<string>? select = call.Select();
        (DateTimeOffset? from, GraphError? problem) = ReceivedFrom(call.Query("$filter"));
        problem ??= OutlookMessageJson.Unknown(select);
        problem ??= call.Query("$search") is null ? null : GraphError.BadRequest("$search is not supported.");
        problem ??= call.Query("$orderby") is null or "receivedDateTime desc"
            ? null : GraphError.BadRequest("Only $orderby=receivedDateTime+desc is supported.");
        if (problem is not null)
        {
            return problem;
        }

        var first = new DeltaState("messages " + folder.Key, 0, 0, 0)
        {
            Select = select,
            ReceivedFrom = from,
            ChangeType = call.Query("changeType"),
        };
        return DeltaRound.Answer(call, first, state =>
        {
            CountBodies(call, state.Select);
            return Entries(call, folder, state);
        });
    }

    public static OutlookMessage? Asked(GraphCall call) => call.Account.Mail.Find(call.Route("message"));

    private static GraphAnswer List(GraphCall call, IEnumerable<OutlookMessage> messages)
    {
        IReadOnlyList<string>? select = call.Select();
        CountBodies(call, select);
        if (OutlookMessageJson.Unknown(select) is GraphError stranger)
        {
            return stranger;
        }

        if (call.Query("$search") is not null || MessageFilter.Parse(call.Query("$filter")) is not { } filter)
        {
            return GraphError.BadRequest("The query filter is not supported.");
        }

        IEnumerable<OutlookMessage> found = messages.Where(filter);
        OutlookMessage[] ordered = call.Query("$orderby") is "receivedDateTime" or "receivedDateTime asc"
            ? [.. found.OrderBy(message => message.ReceivedAt).ThenBy(message => message.Revision)]
            : [.. found.OrderByDescending(message => message.ReceivedAt).ThenByDescending(message => message.Revision)];
        return call.Page(ordered, message => OutlookMessageJson.Write(call, message, select));
    }

    private static IEnumerable<DeltaEntry> Entries(GraphCall call, OutlookFolder folder, DeltaState state)
    {
        IEnumerable<DeltaEntry> live = folder.ChangedBetween(state.After, state.UpTo)
            .Where(message => state.ReceivedFrom is null || message.ReceivedAt >= state.ReceivedFrom)
            .Where(message => state.ChangeType switch
            {
                "created" => message.ArrivedRevision > state.Since,
                "updated" => message.ArrivedRevision <= state.Since,
                null => true,
                _ => false,
            })
            .Select(message => new DeltaEntry(message.Revision, false, () => Write(call, message, state)));
        IEnumerable<DeltaEntry> lost = state.Since == 0 || state.ChangeType is not (null or "deleted")
            ? []
            : folder.LossesAfter(state.After).Where(loss => loss.Revision <= state.UpTo)
                .Select(loss => DeltaEntry.Removed(loss.Revision, call.IdOf(loss.Key), Reason(call, loss)));
        return Merge(live, lost);
    }

    /// <summary>Both are in order and may be long; a page takes only its own part of them.</summary>
    private static IEnumerable<DeltaEntry> Merge(IEnumerable<DeltaEntry> left, IEnumerable<DeltaEntry> right)
    {
        using IEnumerator<DeltaEntry> lefts = left.GetEnumerator();
        using IEnumerator<DeltaEntry> rights = right.GetEnumerator();
        bool hasLeft = lefts.MoveNext();
        bool hasRight = rights.MoveNext();
        while (hasLeft || hasRight)
        {
            if (hasLeft && (!hasRight || lefts.Current.Revision < rights.Current.Revision))
            {
                yield return lefts.Current;
                hasLeft = lefts.MoveNext();
            }
            else
            {
                yield return rights.Current;
                hasRight = rights.MoveNext();
            }
        }
    }

    private static JsonObject Write(GraphCall call, OutlookMessage message, DeltaState state)
    {
        bool isKnown = message.ArrivedRevision <= state.Since && message.Touched.Values.Any(at => at > state.Since);
        JsonObject json = isKnown && call.Account.Settings.SparseUpdates
            ? OutlookMessageJson.Changed(call, message, state.Select, state.Since)
            : OutlookMessageJson.Write(call, message, state.Select);
        json["@odata.type"] = "#microsoft.graph.message";
        return json;
    }

    private static string Reason(GraphCall call, FolderLoss loss) =>
        loss.IsMove && !call.Account.Settings.CallsMovedDeleted ? "changed" : "deleted";

    private static void CountBodies(GraphCall call, IReadOnlyList<string>? select)
    {
        if (call.MayReadBodies && (select is null || OutlookMessageJson.BodyNames.Any(
            name => select.Contains(name, StringComparer.OrdinalIgnoreCase))))
        {
            call.World.Traffic.CountBody();
        }
    }

    private static (DateTimeOffset? From, GraphError? Problem) ReceivedFrom(string? filter)
    {
        string[] words = (filter ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words switch
        {
            [] => (null, null),
            ["receivedDateTime", "ge" or "gt", string time] when DateTimeOffset.TryParse(
                time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset from) =>
                (from, null),
            _ => (null, GraphError.BadRequest("Only receivedDateTime ge or gt is supported.")),
        };
    }
}
