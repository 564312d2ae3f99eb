using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;

namespace PracticPro.Tests.Sync;

/// <summary>
/// A provider that gives a new refresh token with every exchange, and takes a refresh token that comes twice for stolen: then
/// everything it ever gave is dead. Knows the program by HTTP Basic, takes tokens back as JSON, names no scopes, and says whose
/// company it is in the callback only. All over real HTTP.
/// </summary>
internal sealed class TurningProvider : IAsyncDisposable
{
    public const string ClientKey = "the-client";
    public const string ClientWord = "the-client's secret";

    private readonly Lock gate = new();
    private readonly WebApplication app;
    private readonly Queue<(int Status, string Body)> troubles = new();
    private string refresh = "";
    private string access = "";
    private int turn;

    private TurningProvider(WebApplication app) => this.app = app;

    public int Exchanges { get; private set; }

    public int Revocations { get; private set; }

    public bool IsStolen { get; private set; }

    /// <summary>Runs before a renewal is answered, outside of the provider's own lock.</summary>
    public Func<Task>? BeforeAnswer { get; set; }

    public string Refresh => refresh;

    public Uri Home => new(app.Urls.Single());

    public static async Task<TurningProvider> StartAsync(CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var provider = new TurningProvider(builder.Build());
        provider.app.MapPost("/token", provider.TokenAsync);
        provider.app.MapPost("/revoke", provider.RevokeAsync);
        provider.app.MapGet("/me", (HttpRequest request) =>
            request.Headers.Authorization == $"Bearer {provider.access}" ? Results.Text("{}") : Results.StatusCode(401));
        await provider.app.StartAsync(cancellation);
        return provider;
    }

    /// <summary>The access token is good no more; the refresh token is.</summary>
    public void ExpireAccess() => access = "";

    /// <summary>The owner took the access back.</summary>
    public void Revoke() => (access, refresh) = ("", "");

    /// <summary>The next renewals are answered so.</summary>
    public void Answer(int status, string body) => troubles.Enqueue((status, body));

    public TurningConnector Connector(EgressDoor door) => new(door, Home);

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private async Task<IResult> TokenAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        var expected = Convert.ToBase64String(Encoding.ASCII.GetBytes(
            $"{Uri.EscapeDataString(ClientKey)}:{Uri.EscapeDataString(ClientWord)}"));
        if (request.Headers.Authorization != $"Basic {expected}" || form.ContainsKey("client_secret"))
        {
            return Results.Json(new { error = "invalid_client" }, statusCode: 401);
        }

        if (BeforeAnswer is { } before && form["grant_type"] == "refresh_token")
        {
            await before();
        }

        lock (gate)
        {
            Exchanges++;
            if (troubles.TryDequeue(out var trouble))
            {
                return Results.Text(trouble.Body, "application/json", statusCode: trouble.Status);
            }

            if (form["grant_type"] == "refresh_token" && (IsStolen || form["refresh_token"] != refresh || refresh.Length == 0))
            {
                (IsStolen, access) = (true, "");
                return Results.Json(new { error = "invalid_grant" }, statusCode: 400);
            }

            if (form["grant_type"] != "refresh_token")
            {
                IsStolen = false;
            }

            turn++;
            (access, refresh) = ($"access-{turn}", $"refresh-{turn}");
            return Results.Json(new { access_token = access, refresh_token = refresh, expires_in = 3600, token_type = "bearer" });
        }
    }

    private async Task<IResult> RevokeAsync(HttpRequest request)
    {
        var body = await JsonSerializer.DeserializeAsync<JsonElement>(request.Body);
        Revocations++;
        if (body.GetProperty("token").GetString() is not ("" or null))
        {
            Revoke();
        }

        return Results.StatusCode(200);
    }
}

/// <summary>The connector of that provider.</summary>
internal sealed class TurningConnector(EgressDoor door, Uri home) : IConnector
{
    public static readonly Provider Name = Provider.Parse("turning");

    private static readonly ProviderOperation Me = ProviderOperation.Read("turning-me", "/me");
    private static readonly ProviderOperation Token = ProviderOperation.Grant("turning-token", "/token");
    private static readonly ProviderOperation GiveBack = ProviderOperation.Grant("turning-revoke", "/revoke");

    private readonly Processor books = new("turning-books", home, "For tests.", [Me]);
    private readonly Processor grants = new("turning-grants", home, "For tests.", [Token]);
    private readonly Processor taking = new("turning-taking", home, "For tests.", [GiveBack]);

    public Provider Provider => Name;

    public string Title => "Turning Books";

    public bool CanBeGivenBack { get; init; } = true;

    public OAuthTerms Terms => new(grants, "/consent", grants, Token, books, new ScopeList(["books"], null))
    {
        Client = ClientProof.Basic,
        Revocation = CanBeGivenBack ? new Revocation(taking, GiveBack, AsJson: true) : null,
    };

    public IChannels? Channels { get; init; }

    public async Task<Outcome<ConnectedAccount>> IdentifyAsync(
        IAccessTokens tokens, IReadOnlyDictionary<string, string> callback, CancellationToken cancellation)
    {
        var called = await CallAsync(tokens, cancellation);
        return called.Failure is { } why ? why
            : callback.TryGetValue("realmId", out var realm) ? new ConnectedAccount(realm, $"Company {realm}")
            : new SyncFailures.AnswerMalformed();
    }

    /// <summary>One call, with one renewal where the token is refused.</summary>
    public async Task<Outcome<Done>> CallAsync(IAccessTokens tokens, CancellationToken cancellation)
    {
        var current = await tokens.CurrentAsync(cancellation);
        if (!current.Try(out var token, out var why))
        {
            return why;
        }

        if (await OnceAsync(token, cancellation))
        {
            return Done.Value;
        }

        var renewed = await tokens.RenewAsync(token, cancellation);
        return !renewed.Try(out var fresh, out why) ? why
            : await OnceAsync(fresh, cancellation) ? Done.Value
            : new SyncFailures.AccessExpired();
    }

    /// <summary>Not to be had: the loop rests, and what a test does it does alone.</summary>
    public Task<Outcome<ImmutableArray<StreamName>>> StreamsAsync(ConnectorScope scope, CancellationToken cancellation) =>
        Task.FromResult(new Outcome<ImmutableArray<StreamName>>(new SyncFailures.ProviderDown()));

    public IStreamSource Source(ConnectorScope scope, StreamName stream) => throw new NotSupportedException();

    private async Task<bool> OnceAsync(SealedToken token, CancellationToken cancellation) =>
        (await door.SendAsync(new EgressRequest(books, Me) { Bearer = token }, cancellation)).Expect().IsSuccess;
}
