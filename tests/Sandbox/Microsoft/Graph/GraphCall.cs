using System.Globalization;
using System.Text.Json.Nodes;
using PracticPro.Sandbox.Microsoft.Identity;

namespace PracticPro.Sandbox.Microsoft.Graph;

/// <summary>
/// One authorised request to one account, as a method of the API sees it. The account's lock is held meanwhile.
/// </summary>
internal sealed record GraphCall(
    MicrosoftWorld World, MicrosoftAccess Access, OutlookAccount Account, HttpRequest Request, Preferences Prefers,
    JsonObject Body, string? Text)
{
    private const int DefaultPage = 10;

    public DateTimeOffset Now => Account.Clock.GetUtcNow();

    public string? Query(string name) => Request.Query[name].FirstOrDefault();

    public string Route(string name) => (string)Request.RouteValues[name]!;

    public string? IfMatch => Request.Headers.IfMatch.FirstOrDefault();

    /// <summary>Mail.ReadBasic opens no body: it is left out of every answer.</summary>
    public bool MayReadBodies => GraphScopes.ReadBody.Any(Access.Scopes.Contains);

    /// <summary>The names of $select; null when everything is wanted.</summary>
    public IReadOnlyList<string>? Select() => Names(Query("$select"));

    public bool Expands(string name) => Names(Query("$expand"))?.Contains(name, StringComparer.OrdinalIgnoreCase) == true;

    /// <summary>$top, or else the preferred page size, or else ten.</summary>
    public int PageSize() => Math.Min(
        Account.Settings.LargestPage,
        int.TryParse(Query("$top"), NumberStyles.None, CultureInfo.InvariantCulture, out int top) && top > 0
            ? top
            : Prefers.PageSize ?? DefaultPage);

    public int Skip() =>
        int.TryParse(Query("$skip"), NumberStyles.None, CultureInfo.InvariantCulture, out int skip) ? skip : 0;

    public string IdOf(ItemKey key) => Prefers.ImmutableIds ? key.Immutable : key.Rest;

    /// <summary>The address of this request with other query parameters.</summary>
    public string Link(params (string Name, string Value)[] query)
    {
        string parameters = string.Join('&', query.Select(pair =>
            $"{Uri.EscapeDataString(pair.Name).Replace("%24", "$", StringComparison.Ordinal)}="
            + Uri.EscapeDataString(pair.Value)));
        return $"{Request.Scheme}://{Request.Host}{Request.Path}?{parameters}";
    }

    /// <summary>A page of a list, with a link to the next one that carries the same parameters.</summary>
    public JsonObject Page<T>(IReadOnlyList<T> all, Func<T, JsonObject> write)
    {
        int skip = Skip();
        int size = PageSize();
        var answer = new JsonObject
        {
            ["@odata.context"] = $"{Request.Scheme}://{Request.Host}/v1.0/$metadata#{Request.Path.Value![6..]}",
            ["value"] = new JsonArray([.. all.Skip(skip).Take(size).Select(item => (JsonNode)write(item))]),
        };
        if (skip + size < all.Count)
        {
            (string, string)[] kept = [.. Request.Query
                .Where(pair => pair.Key != "$skip").Select(pair => (pair.Key, pair.Value.ToString()))];
            answer["@odata.nextLink"] =
                Link([.. kept, ("$skip", (skip + size).ToString(CultureInfo.InvariantCulture))]);
        }

        return answer;
    }

    private static string[]? Names(string? list) => string.IsNullOrEmpty(list)
        ? null
        : [.. list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(name => name.Split('(')[0])];
}
