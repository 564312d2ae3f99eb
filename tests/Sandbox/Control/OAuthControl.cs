using PracticPro.Sandbox.OAuth;

namespace PracticPro.Sandbox.Control;

/// <summary>
/// Moves grants: give one without the consent page, take one back, let tokens run out, register clients.
/// </summary>
internal static class OAuthControl
{
    public static void Map(RouteGroupBuilder oauth, World world)
    {
        oauth.MapPost("/grant", (GrantWish wish) => Grant(world, wish));
        oauth.MapPost("/revoke", (AccountWish wish) =>
        {
            world.Grants.RevokeAccount(wish.Account ?? "");
            return Results.NoContent();
        });
        oauth.MapPost("/expire", (AccountWish wish) =>
        {
            world.Grants.ExpireAccess(wish.Account);
            return Results.NoContent();
        });
        oauth.MapPost("/clients", (ClientWish wish) =>
        {
            var client = new OAuthClient(wish.ClientId, wish.ClientSecret, wish.Redirects ?? []);
            world.Register(client with { Project = wish.Project ?? client.Project });
            return Results.NoContent();
        });
        oauth.MapPost("/rotate-keys", () =>
        {
            world.SigningKeys.Rotate();
            return Results.NoContent();
        });
    }

    private static IResult Grant(World world, GrantWish wish)
    {
        OAuthClient? client = world.Clients.FirstOrDefault(
            known => wish.ClientId is null || known.Key == wish.ClientId);
        if (client is null || world.Mailboxes.Find(wish.Account) is not { } mailbox
            || GoogleScopes.Parse(string.Join(' ', wish.Scopes)) is not { } scopes)
        {
            return Results.BadRequest(new { problem = "unknown client, mailbox or scope" });
        }

        return Results.Json(new
        {
            clientId = client.Key,
            clientSecret = client.Secret,
            accessToken = world.Grants.IssueAccess(client, mailbox.Address, scopes),
            refreshToken = world.Grants.IssueRefresh(client, mailbox.Address, scopes),
        });
    }

    internal sealed record GrantWish(string Account, string[] Scopes, string? ClientId);

    /// <summary>Expire without an account means all accounts.</summary>
    internal sealed record AccountWish(string? Account);

    internal sealed record ClientWish(string ClientId, string ClientSecret, string[]? Redirects, string? Project);
}
