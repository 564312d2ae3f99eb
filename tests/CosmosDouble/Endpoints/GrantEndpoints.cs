using System.Text.Json;
using System.Text.Json.Nodes;
using PracticPro.CosmosDouble.Security;
using PracticPro.CosmosDouble.State;
using PracticPro.CosmosDouble.Wire;

namespace PracticPro.CosmosDouble.Endpoints;

/// <summary>
/// Users of a database and their permissions: <c>{"id", "permissionMode": "Read"|"All", "resource": "dbs/…/colls/…",
/// "resourcePartitionKey": […]}</c>. Every read of a permission comes with a fresh resource token.
/// </summary>
internal sealed class GrantEndpoints(AccountState account, ResourceTokens? tokens)
{
    public CosmosAnswer Answer(CosmosRequest request)
    {
        if (tokens is null)
        {
            return CosmosAnswer.Of(Refusal.Forbidden("Local authorization is disabled: there is no primary key."));
        }

        if (request.Address.Segments is not ["dbs", var name, "users", .. var rest] || account.Find(name) is not { } database)
        {
            return CosmosAnswer.Of(Refusal.NoOwner);
        }

        if (rest is [] or [_])
        {
            return rest is [var id] ? Named(request, Find(database, $"{Prefix(database)}", id)) : Add(request, database, null);
        }

        if (Find(database, Prefix(database), rest[0]) is not { } user || rest[1] != "permissions")
        {
            return CosmosAnswer.Of(Refusal.NoOwner);
        }

        return rest is [_, _, var permission]
            ? Named(request, Find(database, $"{(string)user["_self"]!}permissions/", permission))
            : Add(request, database, user);
    }

    private CosmosAnswer Named(CosmosRequest request, JsonObject? grant)
    {
        if (grant is null)
        {
            return CosmosAnswer.Of(Refusal.NotFound);
        }

        switch (request.Method)
        {
            case "GET":
                return Shown(200, grant, request);
            case "DELETE":
                account.RemoveGrant((string)grant["_self"]!);
                return CosmosAnswer.Empty(204) with { Charge = 5 };
            case "PUT":
                return Replace(request, grant);
            default:
                return CosmosAnswer.Of(Refusal.Unknown($"{request.Method} of {request.Address.Kind}"));
        }
    }

    private CosmosAnswer Add(CosmosRequest request, DatabaseState database, JsonObject? user)
    {
        if (request.Method != "POST" || Read(request) is not { } given)
        {
            return CosmosAnswer.Of(Refusal.Unknown($"{request.Method} of {request.Address.Kind}"));
        }

        if (Problem(given, isPermission: user is not null) is { } problem)
        {
            return CosmosAnswer.Of(Refusal.BadRequest(problem));
        }

        var parent = user is null ? Prefix(database) : $"{(string)user["_self"]!}permissions/";
        if (Find(database, parent, (string)given["id"]!) is { } there)
        {
            return request.Flag(CosmosHeaders.IsUpsert) ? Replace(request, there) : CosmosAnswer.Of(Refusal.Conflict);
        }

        account.Put(
            given,
            number => user is null ? ResourceIds.User(database.Rid, number) : ResourceIds.Permission((string)user["_rid"]!, number),
            rid => $"{parent}{rid}/");
        if (user is null)
        {
            given["_permissions"] = "permissions/";
        }

        return Shown(201, given, request);
    }

    private CosmosAnswer Replace(CosmosRequest request, JsonObject old)
    {
        if (Read(request) is not { } given || Problem(given, isPermission: old.ContainsKey("permissionMode")) is not null)
        {
            return CosmosAnswer.Of(Refusal.BadRequest("The body is not a user or a permission."));
        }

        given["_self"] = (string)old["_self"]!;
        given["_rid"] = (string)old["_rid"]!;
        account.Put(given, _ => "", _ => "");
        return Shown(200, given, request);
    }

    private CosmosAnswer Shown(int status, JsonObject grant, CosmosRequest request)
    {
        var shown = grant.DeepClone().AsObject();
        if (shown.ContainsKey("permissionMode"))
        {
            if (tokens!.Make(grant, request.Number(CosmosHeaders.ExpirySeconds)) is not { } token)
            {
                return CosmosAnswer.Of(Refusal.BadRequest("A resource token lives ten minutes to twenty-four hours."));
            }

            shown["_token"] = token;
        }

        return CosmosAnswer.Json(status, shown) with { ETag = (string?)grant["_etag"], Charge = status == 200 ? 1 : 5 };
    }

    private static string? Problem(JsonObject grant, bool isPermission) =>
        ResourceNames.Problem(grant["id"])
        ?? (isPermission && ((string?)grant["permissionMode"] is not ("Read" or "All" or "read" or "all") || (string?)grant["resource"] is null)
            ? "A permission has a mode, Read or All, and a resource."
            : null);

    /// <summary>By id or by <c>_rid</c>, directly under the parent.</summary>
    private static JsonObject? Find(DatabaseState database, string parent, string name) =>
        database.Grants.Values.FirstOrDefault(grant =>
            ((string?)grant["id"] == name || (string?)grant["_rid"] == name)
            && (string?)grant["_self"] == $"{parent}{(string)grant["_rid"]!}/");

    private static string Prefix(DatabaseState database) => $"dbs/{database.Rid}/users/";

    private static JsonObject? Read(CosmosRequest request)
    {
        try
        {
            return JsonNode.Parse(request.Body) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
