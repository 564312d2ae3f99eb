using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PracticPro.Sandbox.QuickBooks;

/// <summary>
/// Answers a query from a company's books. Inactive customers are hidden unless the query speaks of Active. Without
/// ORDERBY the last changed comes first. An empty answer is an empty object, without even the entity's name.
/// </summary>
internal static class QueryRun
{
    private static readonly Dictionary<BookKind, string[]> Searchable = new()
    {
        [BookKind.Customer] =
        [
            "Id", "SyncToken", "MetaData.CreateTime", "MetaData.LastUpdatedTime", "DisplayName", "GivenName", "FamilyName",
            "CompanyName", "Active", "Balance", "PrimaryEmailAddr", "PrimaryPhone", "CurrencyRef", "Taxable", "Notes",
        ],
        [BookKind.Invoice] =
        [
            "Id", "SyncToken", "MetaData.CreateTime", "MetaData.LastUpdatedTime", "DocNumber", "TxnDate", "DueDate",
            "CustomerRef", "CurrencyRef", "TotalAmt", "Balance", "PrivateNote", "Line", "LinkedTxn",
        ],
        [BookKind.Payment] =
        [
            "Id", "SyncToken", "MetaData.CreateTime", "MetaData.LastUpdatedTime", "TxnDate", "CustomerRef", "CurrencyRef",
            "TotalAmt", "UnappliedAmt", "PaymentRefNum", "PrivateNote", "Line",
        ],
    };

    public static (JsonObject? Answer, QuickBooksError? Error) Run(Company company, string text)
    {
        (BookQuery? query, QuickBooksError? error) = QueryParser.Parse(text);
        if (query is null)
        {
            return (null, error);
        }

        if (!Enum.TryParse(query.Entity, ignoreCase: false, out BookKind kind) || int.TryParse(query.Entity, out _))
        {
            return (null, QuickBooksError.InvalidQuery("Metadata not found for Entity: " + query.Entity));
        }

        string? stranger = (query.Fields ?? []).Concat(query.Where.Select(condition => condition.Field))
            .Concat(query.Order.Select(order => order.Field)).FirstOrDefault(field => !Searchable[kind].Contains(field));
        return stranger is null
            ? (Answer(company, kind, query), null)
            : (null, QuickBooksError.InvalidQuery($"Property {stranger} not found for Entity {kind}"));
    }

    private static JsonObject Answer(Company company, BookKind kind, BookQuery query)
    {
        bool speaksOfActive = query.Where.Any(condition => condition.Field == "Active");
        JsonObject[] found = [.. company.All(kind)
            .Where(entity => speaksOfActive || entity.IsActive)
            .OrderByDescending(entity => entity.UpdatedAt).ThenByDescending(entity => entity.Number)
            .Select(entity => entity.ToJson(company.Offset))
            .Where(shown => query.Where.All(condition => Holds(shown, condition)))];
        if (query.Counts)
        {
            return new JsonObject { ["totalCount"] = found.Length };
        }

        JsonObject[] page = [.. Ordered(found, query.Order).Skip(query.Start - 1).Take(query.Most)];
        return page.Length == 0
            ? []
            : new JsonObject
            {
                [kind.ToString()] = new JsonArray([.. page.Select(shown => Chosen(shown, query.Fields))]),
                ["startPosition"] = query.Start,
                ["maxResults"] = page.Length,
            };
    }

    private static IEnumerable<JsonObject> Ordered(IEnumerable<JsonObject> found, IReadOnlyList<QueryOrder> order)
    {
        foreach (QueryOrder by in order.Reverse())
        {
            Comparison<JsonObject> compare = (left, right) => Compare(At(left, by.Field), Raw(right, by.Field));
            found = by.Descending
                ? found.Order(Comparer<JsonObject>.Create((left, right) => compare(right, left)))
                : found.Order(Comparer<JsonObject>.Create(compare));
        }

        return found;
    }

    private static JsonObject Chosen(JsonObject shown, IReadOnlyList<string>? fields)
    {
        if (fields is null)
        {
            return shown;
        }

        string[] kept = [.. fields.Select(field => field.Split('.')[0]), "domain", "Id"];
        foreach (string name in shown.Select(member => member.Key).Except(kept).ToArray())
        {
            shown.Remove(name);
        }

        shown["sparse"] = true;
        return shown;
    }

    private static bool Holds(JsonObject shown, QueryCondition condition)
    {
        JsonNode? value = At(shown, condition.Field);
        return condition.Operator switch
        {
            "IN" => condition.Values.Any(wanted => Compare(value, wanted) == 0),
            "LIKE" => Regex.IsMatch(
                value?.ToString() ?? "",
                $"^{Regex.Escape(condition.Values[0]).Replace("%", ".*", StringComparison.Ordinal)}$",
                RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.Singleline),
            _ => Compares(Compare(value, condition.Values[0]), condition.Operator),
        };
    }

    private static bool Compares(int order, string sign) => sign switch
    {
        "=" => order == 0,
        "!=" => order != 0,
        "<" => order < 0,
        ">" => order > 0,
        "<=" => order <= 0,
        _ => order >= 0,
    };

    private static JsonNode? At(JsonObject shown, string field)
    {
        JsonNode? node = shown;
        foreach (string name in field.Split('.'))
        {
            node = node?[name];
        }

        return node is JsonObject item ? item["value"] ?? item["Address"] ?? item["FreeFormNumber"] : node;
    }

    private static string Raw(JsonObject shown, string field) => At(shown, field)?.ToString() ?? "";

    /// <summary>As numbers, then as times, then as text without regard to case; what is missing comes first.</summary>
    private static int Compare(JsonNode? value, string other)
    {
        string own = value?.ToString() ?? "";
        if (decimal.TryParse(own, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number)
            && decimal.TryParse(other, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal otherNumber))
        {
            return number.CompareTo(otherNumber);
        }

        return Time(own) is DateTimeOffset time && Time(other) is DateTimeOffset otherTime
            ? time.CompareTo(otherTime)
            : string.Compare(own, other, StringComparison.OrdinalIgnoreCase);
    }

    private static DateTimeOffset? Time(string text) => text.Length >= 10
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
        ? time
        : null;
}
