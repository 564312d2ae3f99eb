using System.Net;

namespace PracticPro.Tests.Web;

[Trait("Promise", "AUTH-5")]
public sealed class SignInPaceTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task Guessing_has_to_wait_and_so_does_whoever_has_the_name()
    {
        var guesser = server.Nobody();
        for (var i = 0; i < 10; i++)
        {
            var wrong = await guesser.PostAsync("/api/v1/session", new { name = RunningServer.DeskName, password = $"guess-{i}" });
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        }

        var right = await guesser.PostAsync("/api/v1/session", new { name = RunningServer.DeskName, password = RunningServer.Password });
        Assert.Equal(HttpStatusCode.TooManyRequests, right.StatusCode);
        Assert.Equal("too-many-tries", await Caller.CodeOfAsync(right));
        Assert.InRange(right.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 30);

        // Somebody else is not kept waiting.
        await server.OwnerAsync();
    }

    [Fact]
    public async Task Signing_in_well_costs_nothing()
    {
        for (var i = 0; i < 15; i++)
        {
            await server.OwnerAsync();
        }
    }
}
