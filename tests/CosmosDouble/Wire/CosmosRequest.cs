using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using PracticPro.CosmosDouble.Partitions;

namespace PracticPro.CosmosDouble.Wire;

/// <summary>One request, read whole.</summary>
internal sealed class CosmosRequest
{
    private readonly IHeaderDictionary headers;

    private CosmosRequest(string method, ResourceAddress address, IHeaderDictionary headers, byte[] body)
    {
        Method = method;
        Address = address;
        Body = body;
        this.headers = headers;
        Kind = KindOf();
        PartitionKey = Header(CosmosHeaders.PartitionKey) is { } key ? PartitionKeyValue.Parse(key) : null;
    }

    public string Method { get; }

    public ResourceAddress Address { get; }

    public byte[] Body { get; }

    public RequestKind Kind { get; }

    /// <summary>Null when the header is missing; <see cref="HasBrokenPartitionKey"/> tells a missing one from a broken one.</summary>
    public PartitionKeyValue? PartitionKey { get; }

    public bool HasBrokenPartitionKey => PartitionKey is null && Header(CosmosHeaders.PartitionKey) is not null;

    /// <summary>Whether the answer to a write is to go without the item.</summary>
    public bool WantsMinimal => Header(CosmosHeaders.Prefer)?.Contains("return=minimal", StringComparison.OrdinalIgnoreCase) == true;

    public string? IfMatch => Header(CosmosHeaders.IfMatch);

    public string? IfNoneMatch => Header(CosmosHeaders.IfNoneMatch);

    public static async Task<CosmosRequest> ReadAsync(HttpContext context)
    {
        // Ids are escaped one by one; the path that the server has already unescaped would lose where they end.
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return new(context.Request.Method, ResourceAddress.Parse(target), context.Request.Headers, body.ToArray());
    }

    public string? Header(string name) => headers.TryGetValue(name, out var value) ? value.ToString() : null;

    public bool Flag(string name) => string.Equals(Header(name), "true", StringComparison.OrdinalIgnoreCase);

    public int? Number(string name) =>
        int.TryParse(Header(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private RequestKind KindOf()
    {
        if (Address.Kind != "docs")
        {
            return RequestKind.Metadata;
        }

        if (!Address.IsCollection)
        {
            return RequestKind.Point;
        }

        return Method switch
        {
            "GET" when Header(CosmosHeaders.ChangeFeed) is not null => RequestKind.ChangeFeed,
            "GET" => RequestKind.Feed,
            _ when Flag(CosmosHeaders.IsBatch) => RequestKind.Batch,
            _ when Flag(CosmosHeaders.IsQueryPlan) => RequestKind.QueryPlan,
            _ when Flag(CosmosHeaders.IsQuery) => RequestKind.Query,
            _ => RequestKind.Point,
        };
    }
}
