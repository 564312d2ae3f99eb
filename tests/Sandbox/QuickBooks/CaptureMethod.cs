using System.Globalization;
using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.QuickBooks;

/// <summary>
/// Change data capture: what changed since a time at most thirty days back, deleted entities among it, a thousand
/// objects an answer at most and no next page. The newest come first, so that what is cut off is the oldest. Times are
/// compared by the second, and what changed in the very second asked for is not among the answer.
/// </summary>
internal static class CaptureMethod
{
    public const int MostObjects = 1_000;

    private static readonly TimeSpan Reach = TimeSpan.FromDays(30);

    public static BookAnswer Run(BookCall call)
    {
        string[] names = (call.Query("entities") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (names.Length == 0)
        {
            return QuickBooksError.Missing("entities");
        }

        if (!DateTimeOffset.TryParse(
            call.Query("changedSince"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset since))
        {
            return QuickBooksError.Missing("changedSince");
        }

        if (since < call.Company.Now - Reach)
        {
            return QuickBooksError.Unsupported("changedSince must be within the last 30 days");
        }

        var responses = new JsonArray();
        int room = MostObjects;
        foreach (string name in names)
        {
            if (!Enum.TryParse(name, ignoreCase: false, out BookKind kind) || int.TryParse(name, out _))
            {
                return QuickBooksError.Unsupported($"Entity {name} is not supported by this operation");
            }

            JsonNode[] rows = [.. Changed(call.Company, kind, since).Take(room)];
            room -= rows.Length;
            responses.Add(rows.Length == 0 ? new JsonObject() : new JsonObject
            {
                [name] = new JsonArray(rows),
                ["startPosition"] = 1,
                ["maxResults"] = rows.Length,
            });
        }

        return new JsonObject
        {
            ["CDCResponse"] = new JsonArray(new JsonObject { ["QueryResponse"] = responses }),
            ["time"] = call.Time,
        };
    }

    private static IEnumerable<JsonObject> Changed(Company company, BookKind kind, DateTimeOffset since)
    {
        DateTimeOffset seen = company.Now - company.CaptureDelay;
        return company.All(kind).Select(entity => (entity.UpdatedAt, Row: entity.ToJson(company.Offset)))
            .Concat(company.Graves.Where(grave => grave.Kind == kind).Select(grave => (grave.At, Row: Deleted(grave, company.Offset))))
            .Where(change => Second(change.Item1) > Second(since) && change.Item1 <= seen)
            .OrderByDescending(change => change.Item1)
            .Select(change => change.Row);
    }

    private static JsonObject Deleted(BookGrave grave, TimeSpan offset) => new()
    {
        ["domain"] = "QBO",
        ["status"] = "Deleted",
        ["Id"] = grave.Id,
        ["MetaData"] = new JsonObject { ["LastUpdatedTime"] = BookTime.Seconds(grave.At, offset) },
    };

    private static long Second(DateTimeOffset time) => time.ToUnixTimeSeconds();
}
