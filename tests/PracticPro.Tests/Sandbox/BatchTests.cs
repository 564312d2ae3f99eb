using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PracticPro.Sandbox.Faults;
using PracticPro.Sandbox.Gmail;
using PracticPro.Sandbox.OAuth;

namespace PracticPro.Tests.Sandbox;

/// <summary>Several calls to Gmail in one request, each as if it had come alone.</summary>
public sealed partial class BatchTests
{
    private const string Messages = "GET /gmail/v1/users/{userId}/messages/{id}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_are_answered_by_name_and_not_in_their_order()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        string id = (string)(await sandbox.DeliverAsync())["id"]!;

        string answer = await OkAsync(sandbox, Part("a", $"GET {Me}messages/{id}?format=minimal"), Part("b", $"GET {Me}profile HTTP/1.1"));

        Assert.Equal(["<response-b>", "<response-a>"], Names(answer));
        Assert.Contains("\"historyId\"", answer, StringComparison.Ordinal);
        Assert.Contains($"\"id\":\"{id}\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_call_is_counted_beside_the_batch_itself()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        string id = (string)(await sandbox.DeliverAsync())["id"]!;

        await OkAsync(sandbox, Part("a", $"GET {Me}messages/{id}"), Part("b", $"GET {Me}messages/{id}"), Part("c", $"GET {Me}nothing"));

        Assert.Equal(2, sandbox.World.Statistics.Requests[Messages]);
        Assert.Equal(1, sandbox.World.Statistics.Requests["POST /batch"]);
        Assert.Equal(1, sandbox.World.Statistics.Requests["GET (no such path)"]);
    }

    [Fact]
    public async Task The_outer_token_counts_unless_a_call_brings_its_own()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        string narrow = sandbox.World.Grants.IssueAccess(OAuthClient.Default, sandbox.Owner.Address, [GmailScopes.Send]);

        string answer = await OkAsync(
            sandbox,
            Part("a", $"GET {Me}profile"),
            Part("b", $"GET {Me}profile HTTP/1.1\r\nAuthorization: Bearer {narrow}"),
            Part("c", $"GET {Me}profile HTTP/1.1\r\nAuthorization: Bearer nobody"));

        Assert.Equal([401, 403, 200], Statuses(answer));
    }

    [Fact]
    public async Task Quota_is_spent_call_by_call()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        string id = (string)(await sandbox.DeliverAsync())["id"]!;
        sandbox.World.Quota.UnitsPerMinute = 50;

        string answer = await OkAsync(sandbox, [.. Enumerable.Range(0, 3).Select(at => Part($"{at}", $"GET {Me}messages/{id}"))]);

        Assert.Equal([403, 200, 200], Statuses(answer));
        Assert.Contains("userRateLimitExceeded", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_write_is_carried_out_and_answered_like_any_other_call()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        string body = new JsonObject { ["message"] = new JsonObject { ["raw"] = SandboxClient.Raw() } }.ToJsonString();

        string answer = await OkAsync(sandbox, Part("a", $"POST {Me}drafts HTTP/1.1\r\nContent-Type: application/json", body));

        Assert.Equal([200], Statuses(answer));
        Assert.Single((await sandbox.GetAsync("drafts")).Body!["drafts"]!.AsArray());
    }

    [Fact]
    public async Task A_fault_strikes_the_call_it_is_for()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        sandbox.World.Faults.Add(new FaultMatch("GET", "/profile$", null), new FaultAction(FaultKind.Status), skip: 1);

        string answer = await OkAsync(sandbox, [.. Enumerable.Range(0, 3).Select(at => Part($"{at}", $"GET {Me}profile"))]);

        Assert.Equal([200, 503, 200], Statuses(answer));
    }

    [Theory]
    [InlineData(nameof(FaultKind.DropBefore))]
    [InlineData(nameof(FaultKind.DropAfter))]
    [InlineData(nameof(FaultKind.Truncate))]
    public async Task A_call_whose_connection_is_cut_takes_the_batch_with_it(string kind)
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        sandbox.World.Faults.Add(new FaultMatch("GET", "/profile$", null), new FaultAction(Enum.Parse<FaultKind>(kind)));

        await Assert.ThrowsAnyAsync<HttpRequestException>(
            () => SendAsync(sandbox, Part("a", $"GET {Me}labels"), Part("b", $"GET {Me}profile")));
    }

    [Fact]
    public async Task A_hundred_calls_are_taken_and_one_more_is_not()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        string[] calls = [.. Enumerable.Range(0, 101).Select(at => Part($"{at}", $"GET {Me}profile"))];

        Assert.Equal(100, Statuses(await OkAsync(sandbox, calls[1..])).Length);
        Assert.Equal(400, (await SendAsync(sandbox, calls)).Status);
    }

    [Theory]
    [InlineData("multipart/mixed; boundary=b", "")]
    [InlineData("multipart/mixed; boundary=b", "--b--\r\n")]
    [InlineData("multipart/mixed; boundary=b", "--b\r\nContent-Type: application/http\r\n\r\nGET /x\r\n\r\n")]
    [InlineData("multipart/mixed; boundary=b", "--b\r\nContent-Type: text/plain\r\n\r\nGET /x\r\n\r\n--b--")]
    [InlineData("multipart/mixed; boundary=b", "--b\r\nContent-Type: application/http\r\n\r\nGET https://host.example/x\r\n\r\n--b--")]
    [InlineData("multipart/mixed; boundary=b", "--b\r\nContent-Type: application/http\r\n\r\n--b--")]
    [InlineData("multipart/mixed", "--b\r\nContent-Type: application/http\r\n\r\nGET /x\r\n\r\n--b--")]
    [InlineData("application/json", "{}")]
    public async Task What_is_no_batch_is_refused_as_a_whole(string type, string body)
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();

        Assert.Equal(400, (await SendBodyAsync(sandbox, type, body)).Status);
    }

    [Fact]
    public async Task Lines_may_end_without_a_carriage_return()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        string body = $"--b\r\n{Part("a", $"GET {Me}profile")}\r\n--b--".Replace("\r\n", "\n", StringComparison.Ordinal);

        (int status, string answer) = await SendBodyAsync(sandbox, "multipart/mixed; boundary=\"b\"", body);

        Assert.Equal((200, "<response-a>"), (status, Assert.Single(Names(answer))));
    }

    private const string Me = "/gmail/v1/users/me/";

    private static string Part(string name, string request, string body = "") =>
        $"Content-Type: application/http\r\nContent-ID: <{name}>\r\n\r\n{request}\r\n\r\n{body}";

    private static async Task<string> OkAsync(SandboxClient sandbox, params string[] parts)
    {
        (int status, string answer) = await SendAsync(sandbox, parts);
        Assert.Equal(200, status);
        return answer;
    }

    private static Task<(int Status, string Answer)> SendAsync(SandboxClient sandbox, params string[] parts) => SendBodyAsync(
        sandbox, "multipart/mixed; boundary=b", string.Concat(parts.Select(part => $"--b\r\n{part}\r\n")) + "--b--\r\n");

    private static async Task<(int Status, string Answer)> SendBodyAsync(SandboxClient sandbox, string type, string body)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        using HttpResponseMessage answer = await sandbox.Http.PostAsync("/batch", content, Cancellation);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
    }

    private static string[] Names(string answer) => [.. Name().Matches(answer).Select(match => match.Groups[1].Value)];

    private static int[] Statuses(string answer) =>
        [.. Status().Matches(answer).Select(match => int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"^Content-ID: (\S+)\r$", RegexOptions.Multiline)]
    private static partial Regex Name();

    [GeneratedRegex(@"^HTTP/1\.1 (\d{3}) ", RegexOptions.Multiline)]
    private static partial Regex Status();
}
