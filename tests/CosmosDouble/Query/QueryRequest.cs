using System.Security.Cryptography;
using System.Text.Json;
using PracticPro.CosmosDouble.Wire;

namespace PracticPro.CosmosDouble.Query;

/// <summary>The body of a query: <c>{"query": "SELECT …", "parameters": [{"name": "@a", "value": …}]}</c>.</summary>
/// <param name="Digest">Tells this query and its parameters from others.</param>
internal sealed record QueryRequest(SqlQuery Query, string Digest)
{
    public static (QueryRequest? Request, Refusal? Refusal) Read(ReadOnlyMemory<byte> body)
    {
        JsonElement root;
        try
        {
            root = JsonDocument.Parse(body).RootElement;
        }
        catch (JsonException)
        {
            return (null, Refusal.BadRequest("A query's body is not JSON."));
        }

        if (!root.TryGetProperty("query", out var text) || text.ValueKind != JsonValueKind.String)
        {
            return (null, Refusal.BadRequest("A query's body has no query."));
        }

        var parameters = root.TryGetProperty("parameters", out var given)
            ? given.EnumerateArray().ToDictionary(one => one.GetProperty("name").GetString()!, one => one.GetProperty("value"), StringComparer.Ordinal)
            : [];
        var (query, refusal) = SqlQuery.Parse(text.GetString()!, parameters);
        return query is null ? (null, refusal) : (new(query, Convert.ToHexString(SHA256.HashData(body.Span))[..16]), null);
    }
}
