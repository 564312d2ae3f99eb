using System.Collections.Immutable;
using PracticPro.CosmosDouble.State;
using PracticPro.CosmosDouble.Wire;

namespace PracticPro.CosmosDouble.Security;

/// <summary>
/// Decides who a request is from and whether it may go on. The header is <c>type=…&amp;ver=1.0&amp;sig=…</c>,
/// URL-encoded: <c>aad</c> with a directory token, <c>master</c> with a signature, <c>resource</c> with a resource token.
/// </summary>
internal sealed class Guard(
    BearerTokens bearer, PrimaryKey? key, ResourceTokens? resourceTokens, AccountState account, bool managementByToken, TimeProvider time)
{
    public (Caller? Caller, Refusal? Refusal) Admit(CosmosRequest request)
    {
        if (Identify(request) is not { } caller)
        {
            return (null, Refusal.Unauthorized("The input authorization token can't serve the request."));
        }

        var refusal = caller switch
        {
            { Kind: CallerKind.Token } when IsManagement(request) && !managementByToken => Refusal.Forbidden(
                "Request blocked by Auth: a data-plane token manages no databases, containers or users.", Refusal.NotByToken),
            { Kind: CallerKind.Token } when request.Address.Kind is "users" or "permissions" =>
                Refusal.Forbidden("Users and permissions are the primary key's.", Refusal.NotByToken),
            { Permission: { } permission } => OutsideOf(permission, request),
            _ => null,
        };
        return refusal is null ? (caller, null) : (null, refusal);
    }

    private Caller? Identify(CosmosRequest request)
    {
        var header = Uri.UnescapeDataString(request.Header(CosmosHeaders.Authorization) ?? "");
        if (request.Header(CosmosHeaders.Version) is null || header.Split('&', 3) is not [var type, "ver=1.0", ['s', 'i', 'g', '=', .. var signature]])
        {
            return null;
        }

        return type switch
        {
            "type=aad" when bearer.IsGood(signature) => new Caller(CallerKind.Token),
            "type=master" when key?.IsSigned(request, signature, time.GetUtcNow()) == true => new Caller(CallerKind.PrimaryKey),
            "type=resource" when resourceTokens?.Read(signature) is { } permission => new Caller(CallerKind.Permission, permission),
            _ => null,
        };
    }

    private static bool IsManagement(CosmosRequest request) =>
        request.Address.Kind is "dbs" or "colls" && request.Method != "GET";

    /// <summary>Why the request is beyond the permission, or null.</summary>
    private Refusal? OutsideOf(Permission permission, CosmosRequest request)
    {
        var isMetadata = request.Kind == RequestKind.Metadata;
        if (isMetadata && request.Method == "GET" && request.Address.Kind is "")
        {
            return null;
        }

        var allowed = ContainerOf([.. permission.ContainerLink.Split('/')]);
        var isHere = allowed is not null && request.Address.Kind is "colls" or "pkranges" or "docs"
            && ReferenceEquals(ContainerOf(request.Address.Segments), allowed);
        var isReading = request.Method == "GET" || request.Kind is RequestKind.Query or RequestKind.QueryPlan;
        var isWithinKey = permission.Key is null || isMetadata || request.PartitionKey == permission.Key;
        return isHere && (isReading || (permission.MayWrite && !isMetadata)) && isWithinKey
            ? null
            : Refusal.Forbidden("The permission of the resource token does not reach so far.");
    }

    private ContainerState? ContainerOf(ImmutableArray<string> segments) =>
        segments is ["dbs", var database, "colls", var container, ..] ? account.Find(database)?.Find(container) : null;
}
