using System.Globalization;
using System.Text.Json.Nodes;
using PracticPro.Sandbox.Microsoft.Graph;

namespace PracticPro.Sandbox.Microsoft.Calendar;

/// <summary>calendars and events: read, create, change, delete.</summary>
internal static class EventMethods
{
    public static GraphAnswer ListCalendars(GraphCall call) =>
        call.Page([call.Account.Calendar], calendar => Calendar(call, calendar));

    public static GraphAnswer GetCalendar(GraphCall call) => Calendar(call, call.Account.Calendar);

    public static GraphAnswer List(GraphCall call) => call.Page(
        [.. call.Account.Calendar.Events.Where(one => one.Master is null).OrderBy(one => one.CreatedRevision)],
        one => EventJson.Write(call, one));

    public static GraphAnswer Get(GraphCall call) =>
        Asked(call) is OutlookEvent found ? EventJson.Write(call, found)
        : AskedOccurrence(call) is OutlookOccurrence occurrence ? EventJson.Write(call, occurrence)
        : GraphError.NotFound();

    public static GraphAnswer Instances(GraphCall call)
    {
        if (Asked(call) is not { Recurrence: not null } master || Window(call) is not var (from, to))
        {
            return GraphError.NotFound();
        }

        return call.Page(Written(call, [master], from, to), json => json);
    }

    /// <summary>Everything in a span, each occurrence by itself.</summary>
    public static GraphAnswer View(GraphCall call) => Window(call) is var (from, to)
        ? call.Page(Written(call, call.Account.Calendar.Events, from, to), json => json)
        : GraphError.InvalidRequest("startDateTime and endDateTime are required.");

    public static GraphAnswer Create(GraphCall call)
    {
        if (EventJson.Unknown(call.Body) is GraphError stranger)
        {
            return stranger;
        }

        if (EventJson.ReadTime(call.Body["start"]) is not var (start, zone)
            || EventJson.ReadTime(call.Body["end"]) is not var (end, _) || end < start)
        {
            return new GraphError(400, "ErrorInvalidRequest", "start and end are required, in that order.");
        }

        string? transaction = (string?)call.Body["transactionId"];
        OutlookEvent? twin = transaction is null
            ? null
            : call.Account.Calendar.Events.FirstOrDefault(one => one.TransactionKey == transaction);
        if (twin is not null || (transaction is not null && call.Account.Calendar.IsSpent(transaction)))
        {
            return twin is null || call.Account.Settings.RefusesRepeatedTransactions
                ? new GraphError(409, "ErrorDuplicateTransactionId", "An event with this transactionId exists.")
                : GraphAnswer.Created(EventJson.Write(call, twin));
        }

        return GraphAnswer.Created(EventJson.Write(
            call, call.Account.Calendar.Add(EventJson.Words(call.Body), start, end, zone, transaction)));
    }

    public static GraphAnswer Change(GraphCall call)
    {
        OutlookEvent? found = Asked(call);
        OutlookOccurrence? occurrence = found is null ? AskedOccurrence(call) : null;
        if ((found ?? occurrence?.Master) is not OutlookEvent source)
        {
            return GraphError.NotFound();
        }

        if (EventJson.Unknown(call.Body) is GraphError stranger)
        {
            return stranger;
        }

        if (call.IfMatch is string expected && expected != source.ETag)
        {
            return GraphError.PreconditionFailed();
        }

        if (found is null)
        {
            found = call.Account.Calendar.Except(occurrence!, Act);
        }
        else
        {
            call.Account.Calendar.Change(found, Act);
        }

        return EventJson.Write(call, found);

        void Act(OutlookEvent changed) => Apply(changed, call.Body);
    }

    public static GraphAnswer Delete(GraphCall call)
    {
        if (Asked(call) is OutlookEvent found)
        {
            if (call.IfMatch is string expected && expected != found.ETag)
            {
                return GraphError.PreconditionFailed();
            }

            call.Account.Calendar.Delete(found);
            return GraphAnswer.Nothing;
        }

        if (AskedOccurrence(call) is not OutlookOccurrence occurrence)
        {
            return GraphError.NotFound();
        }

        call.Account.Calendar.CallOff(occurrence);
        return GraphAnswer.Nothing;
    }

    /// <summary>What a body says instead; what it does not name stays.</summary>
    public static void Apply(OutlookEvent changed, JsonObject body)
    {
        TimeSpan length = changed.End - changed.Start;
        if (EventJson.ReadTime(body["start"]) is var (start, zone))
        {
            (changed.Start, changed.Zone, changed.End) = (start, zone, start + length);
        }

        if (EventJson.ReadTime(body["end"]) is var (end, _))
        {
            changed.End = end;
        }

        JsonObject words = changed.Words.DeepClone().AsObject();
        foreach ((string name, JsonNode? value) in EventJson.Words(body))
        {
            words[name] = value?.DeepClone();
        }

        changed.Words = words;
    }

    /// <summary>startDateTime and endDateTime; without an offset they are UTC.</summary>
    public static (DateTimeOffset From, DateTimeOffset To)? Window(GraphCall call) =>
        DateTimeOffset.TryParse(call.Query("startDateTime"), CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal, out DateTimeOffset from)
        && DateTimeOffset.TryParse(call.Query("endDateTime"), CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal, out DateTimeOffset to) && from < to
            ? (from, to)
            : null;

    private static JsonObject[] Written(
        GraphCall call, IEnumerable<OutlookEvent> events, DateTimeOffset from, DateTimeOffset to) =>
        [.. events.SelectMany(one => Pieces(call, one, from, to)).OrderBy(piece => piece.Start)
            .Select(piece => piece.Json)];

    private static IEnumerable<(DateTimeOffset Start, JsonObject Json)> Pieces(
        GraphCall call, OutlookEvent one, DateTimeOffset from, DateTimeOffset to) => one.Recurrence is null
        ? one.Overlaps(from, to) ? [(one.Start, EventJson.Write(call, one))] : []
        : call.Account.Calendar.Occurrences(one, from - (one.End - one.Start), to)
            .Where(occurrence => occurrence.End > from)
            .Select(occurrence => (occurrence.Start, EventJson.Write(call, occurrence)));

    private static OutlookEvent? Asked(GraphCall call) => call.Account.Calendar.Find(call.Route("event"));

    private static OutlookOccurrence? AskedOccurrence(GraphCall call) =>
        call.Account.Calendar.FindOccurrence(call.Route("event"));

    private static JsonObject Calendar(GraphCall call, OutlookCalendar calendar) => new()
    {
        ["id"] = calendar.Key,
        ["name"] = "Calendar",
        ["color"] = "auto",
        ["isDefaultCalendar"] = true,
        ["canEdit"] = true,
        ["canShare"] = true,
        ["owner"] = new JsonObject { ["name"] = "", ["address"] = call.Account.Address },
    };
}
