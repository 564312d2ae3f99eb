using PracticPro.Sandbox.Microsoft.Identity;

namespace PracticPro.Sandbox.Microsoft.Control;

/// <summary>Moves grants: give one without the consent page, end one in each of the ways there are.</summary>
internal static class GrantControl
{
    public static void Map(RouteGroupBuilder oauth, MicrosoftWorld world)
    {
        oauth.MapPost("/grant", (GrantWish wish) => Grant(world, wish));
        oauth.MapPost("/consent", (ConsentWish wish) =>
        {
            world.Grants.Decree(wish.Account, wish.Scopes is null
                ? null
                : MicrosoftScopes.Parse(string.Join(' ', wish.Scopes)));
            return Results.NoContent();
        });
        oauth.MapPost("/expire-access", (AccountWish wish) =>
        {
            world.Grants.ExpireAccess(wish.Account);
            return Results.NoContent();
        });
        foreach ((string path, GrantEnd end) in new[]
        {
            ("/expire", GrantEnd.Expired), ("/password", GrantEnd.PasswordChanged), ("/revoke", GrantEnd.PasswordChanged),
            ("/remove-consent", GrantEnd.ConsentRemoved), ("/second-factor", GrantEnd.SecondFactor),
        })
        {
            oauth.MapPost(path, (AccountWish wish) =>
            {
                world.Grants.End(wish.Account ?? "", end);
                return Results.NoContent();
            });
        }

        oauth.MapPost("/clients", (ClientWish wish) =>
        {
            world.Register(new MicrosoftClient(wish.ClientId, wish.ClientSecret, wish.Redirects ?? [])
            {
                SecretIsExpired = wish.SecretIsExpired ?? false,
            });
            return Results.NoContent();
        });
    }

    private static IResult Grant(MicrosoftWorld world, GrantWish wish)
    {
        MicrosoftClient? client = world.Clients.FirstOrDefault(
            known => wish.ClientId is null || known.Key == wish.ClientId);
        if (client is null || world.Accounts.Find(wish.Account) is not { } account
            || MicrosoftScopes.Parse(string.Join(' ', wish.Scopes)) is not { } scopes)
        {
            return Results.BadRequest(new { problem = "unknown client, account or scope" });
        }

        return Results.Json(new
        {
            clientId = client.Key,
            clientSecret = client.Secret,
            accessToken = world.Grants.IssueAccess(client, account.Address, scopes).Token,
            refreshToken = world.Grants.IssueRefresh(client, account.Address, scopes),
        });
    }

    internal sealed record GrantWish(string Account, string[] Scopes, string? ClientId);

    /// <summary>What the account's next consents come to; without scopes what is ticked.</summary>
    internal sealed record ConsentWish(string Account, string[]? Scopes);

    /// <summary>Expiring access tokens without an account means all accounts.</summary>
    internal sealed record AccountWish(string? Account);

    internal sealed record ClientWish(
        string ClientId, string ClientSecret, string[]? Redirects, bool? SecretIsExpired);
}
