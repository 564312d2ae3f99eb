using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PracticPro.CosmosDouble.Partitions;
using PracticPro.CosmosDouble.State;

namespace PracticPro.CosmosDouble.Security;

/// <summary>
/// Resource tokens: what the holder of the key gives to somebody who shall reach one partition key of one container.
/// <c>type=resource&amp;ver=1.0&amp;sig={HMAC};{what is signed};</c>. A permission that was removed or replaced ends its
/// tokens. Good for one hour unless said otherwise, ten minutes to twenty-four hours.
/// Source: Microsoft Learn, "Secure access to data in Azure Cosmos DB", resource tokens.
/// </summary>
internal sealed class ResourceTokens(PrimaryKey key, AccountState account, TimeProvider time)
{
    private const int ShortestSeconds = 600;
    private const int LongestSeconds = 24 * 3600;
    private const int UsualSeconds = 3600;

    /// <summary>Null for a life that the service does not give.</summary>
    public string? Make(JsonObject permission, int? seconds)
    {
        if ((seconds ?? UsualSeconds) is < ShortestSeconds or > LongestSeconds)
        {
            return null;
        }

        var expires = time.GetUtcNow().ToUnixTimeSeconds() + (seconds ?? UsualSeconds);
        var payload = Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(
            new Payload((string)permission["_self"]!, (string)permission["_etag"]!, expires)));
        return $"type=resource&ver=1.0&sig={key.Sign(payload)};{payload};";
    }

    /// <summary>What the token lets its holder do now; null for nothing.</summary>
    public Permission? Read(string signature)
    {
        if (signature.Split(';') is not [var mac, var payload, ..] || !key.IsOwn(payload, mac))
        {
            return null;
        }

        var read = JsonSerializer.Deserialize<Payload>(Encoding.UTF8.GetString(Convert.FromBase64String(payload)))!;
        var grant = account.Find(read.Self.Split('/')[1])?.Grants.GetValueOrDefault(read.Self);
        if (grant is null || (string?)grant["_etag"] != read.ETag || read.Expires <= time.GetUtcNow().ToUnixTimeSeconds())
        {
            return null;
        }

        var partitionKey = grant["resourcePartitionKey"] is JsonArray values ? PartitionKeyValue.Parse(values.ToJsonString()) : null;
        return new Permission(((string)grant["resource"]!).Trim('/'), partitionKey, (string?)grant["permissionMode"] is "All" or "all");
    }

    private sealed record Payload(string Self, string ETag, long Expires);
}
