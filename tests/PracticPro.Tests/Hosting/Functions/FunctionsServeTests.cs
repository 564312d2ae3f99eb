using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace PracticPro.Tests.Hosting.Functions;

/// <summary>Real processes, killed for real.</summary>
public sealed class FunctionsServeTests
{
    private const string Sigterm = "-TERM";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_serves_turns_calls_and_http_over_one_port_and_keeps_the_callers_host_name()
    {
        await using var functions = await FunctionsProcess.StartAsync();
        var turn = Golden.Rows<Golden.Turn>("orchestration.json")[0].Body;

        using var answered = await functions.CallAsync("keep-mailbox-in-step", turn);
        using var step = await functions.CallAsync("take-sync-step", """{"Data":{"input":"null"}}""");
        using var health = await functions.HandOnAsync(new HttpRequestMessage(HttpMethod.Get, "/healthz"));
        // A plain page over HTTP from elsewhere is sent to HTTPS at the name it was asked by.
        using var plain = new HttpRequestMessage(HttpMethod.Get, "/inbox");
        plain.Headers.Add("X-Forwarded-For", "203.0.113.9");
        using var redirected = await functions.HandOnAsync(plain);

        Assert.Equal("application/json", answered.Content.Headers.ContentType!.MediaType);
        Assert.NotEmpty(await ReturnValueAsync(answered));
        Assert.Equal(HttpStatusCode.OK, step.StatusCode);
        Assert.Equal("""{"status":"ok"}""", await health.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(new Uri("https://practice.example/inbox"), redirected.Headers.Location);
        Assert.DoesNotContain(functions.Output, line => line.StartsWith("stderr", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_back_that_is_killed_is_started_again_and_no_turn_notices()
    {
        await using var functions = await FunctionsProcess.StartAsync();
        await ReadyAsync(functions);
        var first = functions.BackNumber()!.Value;
        var turn = Golden.Rows<Golden.Turn>("orchestration.json")[0].Body;

        Kill("-KILL", first);
        using var answered = await functions.CallAsync("keep-mailbox-in-step", turn);
        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);

        await ReadyAsync(functions);
        await FunctionsProcess.UntilAsync(() => Task.FromResult(functions.BackNumber() != first));
    }

    [Fact]
    public async Task A_request_to_end_is_not_heard()
    {
        await using var functions = await FunctionsProcess.StartAsync();
        await ReadyAsync(functions);

        Kill(Sigterm, functions.Process.Id);
        Kill(Sigterm, functions.BackNumber()!.Value);

        using var health = await functions.HandOnAsync(new HttpRequestMessage(HttpMethod.Get, "/healthz"));
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.False(functions.Process.HasExited);
    }

    [Fact]
    public async Task A_front_that_runs_out_of_memory_answers_and_lives_on()
    {
        await using var functions = await FunctionsProcess.StartAsync(("Functions__FrontMemory", "80"));
        var turn = Golden.Rows<Golden.Turn>("orchestration.json")[0].Body;
        var large = $$$"""{"Data":{"context":"\"{{{new string('A', 90 << 20)}}}\""},"Metadata":{}}""";

        using var tooMuch = await functions.CallAsync("keep-mailbox-in-step", large);
        using var usual = await functions.CallAsync("keep-mailbox-in-step", turn);

        Assert.Equal((HttpStatusCode.InternalServerError, "front-broke"), (tooMuch.StatusCode, tooMuch.ReasonPhrase));
        Assert.Equal(HttpStatusCode.OK, usual.StatusCode);
        Assert.False(functions.Process.HasExited);
    }

    [Fact]
    public async Task A_back_that_cannot_start_says_why_and_no_turn_notices()
    {
        await using var functions = await FunctionsProcess.StartAsync(
            ("AzureWebJobsStorage", "not a connection string"), ("Functions__BackPatience", "00:00:00"));
        var turn = Golden.Rows<Golden.Turn>("orchestration.json")[0].Body;

        using var answered = await functions.CallAsync("keep-mailbox-in-step", turn);
        using var health = await functions.HandOnAsync(new HttpRequestMessage(HttpMethod.Get, "/healthz"));

        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        await FunctionsProcess.UntilAsync(() => Task.FromResult(functions.Output.Any(
            line => line.Contains("AzureWebJobsStorage cannot be read", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task The_back_ends_with_its_front()
    {
        await using var functions = await FunctionsProcess.StartAsync();
        await ReadyAsync(functions);
        using var back = Process.GetProcessById(functions.BackNumber()!.Value);

        functions.Process.Kill();

        await FunctionsProcess.UntilAsync(() => Task.FromResult(back.HasExited));
    }

    private static Task ReadyAsync(FunctionsProcess functions) => FunctionsProcess.UntilAsync(async () =>
    {
        using var health = await functions.HandOnAsync(new HttpRequestMessage(HttpMethod.Get, "/healthz"));
        return health.StatusCode == HttpStatusCode.OK && functions.BackNumber() is not null;
    });

    private static async Task<string> ReturnValueAsync(HttpResponseMessage answer)
    {
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation));
        return body.RootElement.GetProperty("ReturnValue").GetString()!;
    }

    private static void Kill(string signal, int process)
    {
        using var kill = Process.Start("kill", [signal, process.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }
}
