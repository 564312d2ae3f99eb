using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PracticPro.CosmosDouble.Wire;

namespace PracticPro.CosmosDouble.Security;

/// <summary>
/// The account's key, where a test made one. A request is signed with HMAC-SHA256 over
/// <code>
/// verb LF resource type LF resource link LF x-ms-date LF LF      all but the link in lower case
/// </code>
/// and is good for fifteen minutes. Source: Microsoft Learn, "Access control on Azure Cosmos DB resources".
/// </summary>
internal sealed class PrimaryKey(string base64)
{
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(15);
    private readonly byte[] key = Convert.FromBase64String(base64);

    public bool IsSigned(CosmosRequest request, string signature, DateTimeOffset now)
    {
        var date = request.Header(CosmosHeaders.Date) ?? "";
        return DateTimeOffset.TryParse(date, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            && (now - moment).Duration() <= Skew
            && Links(request.Address).Any(link => Matches(request, link, date, signature));
    }

    /// <summary>Signs what the double itself hands out.</summary>
    public string Sign(string text) => Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));

    public bool IsOwn(string text, string signature) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Sign(text)), Encoding.UTF8.GetBytes(signature));

    private bool Matches(CosmosRequest request, string link, string date, string signature) => IsOwn(
        $"{request.Method.ToLowerInvariant()}\n{request.Address.Kind.ToLowerInvariant()}\n{link}\n{date.ToLowerInvariant()}\n\n", signature);

    /// <summary>By name: the path of the resource, or of the list's parent. By <c>_rid</c>: the last of those, in lower case.</summary>
    private static string[] Links(ResourceAddress address)
    {
        var named = address.IsCollection ? address.Segments[..^1] : address.Segments;
        return [string.Join('/', named), named.Length == 0 ? "" : named[^1].ToLowerInvariant()];
    }
}
