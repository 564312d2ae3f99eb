using System.Text;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using PracticPro.Access;
using PracticPro.Hosting.Http;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Tests.Web;

/// <summary>What goes wrong, goes wrong in one shape, with every header, and tells nothing it should not.</summary>
public sealed class ErrorAnswerTests(RunningServer server) : IClassFixture<RunningServer>
{
    public static TheoryData<string, string, int> Troubles => new()
    {
        { "GET", "/healthz", 200 },
        { "GET", "/status", 200 },
        { "GET", "/api/v1", 200 },
        { "GET", "/sign-in", 200 },
        { "GET", "/style.css", 200 },
        { "GET", "/", 303 },
        { "GET", "/nothing/here", 404 },
        { "GET", "/api/v1/nothing", 404 },
        { "GET", "/api/v1/approvals/not-an-id", 404 },
        { "GET", "/api/v1/session", 401 },
        { "PUT", "/api/v1/session", 405 },
        { "DELETE", "/inbox", 405 },
        { "GET", "/inbox", 302 },
        { "POST", "/webhooks/gmail", 401 },
        { "POST", "/webhooks/paddle", 401 },
        { "POST", "/webhooks/quickbooks", 401 },
    };

    [Theory]
    [MemberData(nameof(Troubles))]
    [Trait("Promise", "NET-1")]
    public async Task Every_answer_carries_the_careful_headers(string method, string path, int status)
    {
        foreach (var accept in new[] { "text/html", "application/json" })
        {
            var answer = await server.Nobody().SendAsync(new HttpMethod(method), path, null, accept);
            Assert.Equal(status, (int)answer.StatusCode);
            AssertHeaders(answer);
        }
    }

    [Fact]
    [Trait("Promise", "NET-1")]
    public async Task A_body_over_the_limit_is_refused_in_the_same_shape()
    {
        var owner = await server.OwnerAsync();
        var body = new StringContent($$"""{"name":"{{new string('x', 2 << 20)}}"}""", Encoding.UTF8, "application/json");

        // Asked before the body is sent: a server that refuses may close before it has read it all.
        var answer = await owner.SendAsync(
            HttpMethod.Post, "/api/v1/session", body, null, adjust: static request => request.Headers.ExpectContinue = true);
        await AssertProblemAsync(answer, 413, "too-large");
        AssertHeaders(answer);
    }

    [Theory]
    [InlineData("gmail")]
    [InlineData("paddle")]
    [Trait("Promise", "CON-4")]
    public async Task A_notification_over_the_limit_is_refused_before_it_is_proven(string provider)
    {
        var body = new StringContent(new string(' ', (1 << 20) + 1), Encoding.UTF8, "application/json");
        var answer = await server.Nobody().SendAsync(
            HttpMethod.Post, $"/webhooks/{provider}", body, null, adjust: static request => request.Headers.ExpectContinue = true);
        await AssertProblemAsync(answer, 413, "too-large");
    }

    [Fact]
    public async Task Another_media_type_is_refused()
    {
        var owner = await server.OwnerAsync();
        var answer = await owner.SendAsync(HttpMethod.Post, "/api/v1/drafts", new StringContent("x", Encoding.UTF8, "text/plain"), null);
        await AssertProblemAsync(answer, 415, "media-type");
        AssertHeaders(answer);
    }

    [Theory]
    [InlineData("/api/v1/nothing", 404, "not-found")]
    [InlineData("/api/v1/session", 401, "not-signed-in")]
    [InlineData("/api/v1/approvals/approval-00000000000000000000000000", 401, "not-signed-in")]
    public async Task An_error_is_problem_details(string path, int status, string code) =>
        await AssertProblemAsync(await server.Nobody().GetAsync(path), status, code);

    [Fact]
    public async Task People_get_a_page_that_says_what_to_do_next()
    {
        var answer = await server.Nobody().PageAsync("/nothing/here");
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        using var page = await new HtmlParser().ParseDocumentAsync(
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.NotNull(page.QuerySelector("main a[href='/inbox']"));
    }

    [Theory]
    [InlineData("/boom", 500, "accident")]
    [InlineData("/full", 503, "unavailable")]
    [InlineData("/wait", 429, "slow-down")]
    [InlineData("/keys-away", 503, "key-store-unreachable")]
    [InlineData("/keys-busy", 503, "key-store-throttled")]
    [InlineData("/key-off", 403, "tenant-key-disabled")]
    [Trait("Promise", "MIN-2")]
    [Trait("Promise", "NET-1")]
    public async Task What_is_thrown_stays_inside(string path, int status, string code)
    {
        var log = new KeptLog();
        await using var app = await BrokenAsync(log);
        var answer = await new Caller(new Uri(app.Urls.First())).GetAsync(path);
        await AssertProblemAsync(answer, status, code);
        AssertHeaders(answer);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain("canary", text + string.Join('\n', log.Lines), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(status != 500, !log.Lines.Any(line => line.Contains("System.FormatException", StringComparison.Ordinal)));
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_key_store_that_is_away_says_when_to_ask_again()
    {
        var problem = FailureMap.Of(new KeyStoreUnavailableException(new KeyStoreFailures.Throttled(TimeSpan.FromSeconds(7))))!;
        Assert.Equal((503, TimeSpan.FromSeconds(7)), (problem.Status, problem.RetryAfter));
    }

    [Fact]
    [Trait("Promise", "AUTH-5")]
    public void A_pause_is_told_in_whole_seconds()
    {
        var problem = FailureMap.Of(new AccessFailures.TooManyTries(TimeSpan.FromSeconds(12.2)));
        Assert.Equal((429, TimeSpan.FromSeconds(12.2)), (problem.Status, problem.RetryAfter));
    }

    [Fact]
    public void An_endpoint_that_names_no_requirement_is_not_served()
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        app.MapGet("/silent", () => "hello");
        Assert.Throws<InvalidOperationException>(() => RouteTable.DemandRequirements(app));
    }

    internal static void AssertHeaders(HttpResponseMessage answer)
    {
        var sts = answer.Headers.GetValues("Strict-Transport-Security").Single();
        Assert.Contains("max-age=63072000; includeSubDomains; preload", sts, StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("DENY", answer.Headers.GetValues("X-Frame-Options").Single());
        Assert.Equal("same-origin", answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.Contains("camera=()", answer.Headers.GetValues("Permissions-Policy").Single(), StringComparison.Ordinal);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("Server"));
        Assert.NotNull(answer.Headers.CacheControl);
    }

    private static async Task AssertProblemAsync(HttpResponseMessage answer, int status, string code)
    {
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await Caller.JsonAsync(answer);
        Assert.Equal(code, (string?)problem["code"]);
        Assert.Equal(status, (int)problem["status"]!);
        Assert.Equal($"urn:practicpro:problem:{code}", (string?)problem["type"]);
        Assert.False(string.IsNullOrWhiteSpace((string?)problem["title"]));
        Assert.False(string.IsNullOrWhiteSpace((string?)problem["detail"]));
    }

    /// <summary>The same pipeline over endpoints that fail on purpose.</summary>
    private static async Task<WebApplication> BrokenAsync(KeptLog log)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(log).AddFilter("Microsoft", LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.AddServerHeader = false);
        builder.Services.AddPracticProHttp();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<CatchAccidents>();
        var routes = app.MapGroup("").AnswerWithOutcomes();
        routes.MapGet("/boom", string () => throw new FormatException("canary in a message"));
        routes.MapGet("/full", string () => throw new StorageUnavailableException("the disk is full"));
        routes.MapGet("/keys-away", string () => throw new KeyStoreUnavailableException(new KeyStoreFailures.Unreachable()));
        routes.MapGet("/keys-busy", string () => throw new KeyStoreUnavailableException(
            new KeyStoreFailures.Throttled(TimeSpan.FromSeconds(7))));
        routes.MapGet("/key-off", string () => throw new UnexpectedFailureException(new VaultFailures.TenantKeyDisabled()));
        routes.MapGet("/wait", Outcome<Done> () => new Failure.TooMany("slow-down", "Slow down.", TimeSpan.FromSeconds(3)));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
