using Microsoft.AspNetCore.Http;
using PracticPro.Hosting;
using PracticPro.Hosting.Functions.Declarations;
using PracticPro.Hosting.Functions.Front;

namespace PracticPro.Tests.Hosting.Functions;

public sealed class HostCallsTests
{
    private const string Step = "take-sync-step";

    public static TheoryData<string> Calls =>
        [.. Rows.Where(row => row.Method == "POST" && !row.Name.StartsWith("http-", StringComparison.Ordinal)).Select(row => row.Name)];

    public static TheoryData<string> HandedOn =>
        [.. Rows.Where(row => row.Name.StartsWith("http-", StringComparison.Ordinal)).Select(row => row.Name)];

    private static IReadOnlyList<Golden.Request> Rows => Golden.Rows<Golden.Request>("requests.json");

    [Theory]
    [MemberData(nameof(Calls))]
    public void What_the_host_calls_is_a_call(string name)
    {
        var request = Request(name, $"/{Step}");

        var function = Judge(request).Called(request);

        Assert.Equal(Step, Assert.IsType<FunctionDeclaration.Activity>(function).Name);
    }

    [Theory]
    [MemberData(nameof(HandedOn))]
    public void What_the_host_hands_on_is_no_call_whatever_it_asks_for(string name)
    {
        var request = Request(name, $"/{Step}");
        request.Method = "POST";
        request.QueryString = QueryString.Empty;

        Assert.Null(new HostCalls(Composition.Functions(), request.Host.Port!.Value).Called(request));
    }

    [Theory]
    [InlineData("Content-Length", "2")]
    [InlineData("x-ms-invocation-id", "1")]
    [InlineData("X-Forwarded-For", "203.0.113.9")]
    [InlineData("Cookie", "s=1")]
    [InlineData("Authorization", "Bearer x")]
    public void A_request_dressed_up_as_a_call_is_found_out_by_what_it_cannot_take_off(string header, string value)
    {
        var request = Request("activity-input-object", $"/{Step}");
        request.Headers[header] = value;

        Assert.Null(Judge(request).Called(request));
    }

    [Theory]
    [InlineData("practice.example", "/take-sync-step", "")]
    [InlineData("127.0.0.1:1", "/take-sync-step", "")]
    [InlineData(null, "/take-sync-step", "?x=1")]
    [InlineData(null, "/Take-Sync-Step", "")]
    [InlineData(null, "/take-sync-step/", "")]
    [InlineData(null, "/http", "")]
    [InlineData(null, "/nothing", "")]
    [InlineData(null, "/", "")]
    public void Neither_another_address_nor_another_path_is_a_call(string? host, string path, string query)
    {
        var request = Request("activity-input-object", path);
        var judge = Judge(request);
        request.QueryString = new QueryString(query);
        request.Host = host is null ? request.Host : new HostString(host);

        Assert.Null(judge.Called(request));
    }

    [Fact]
    public void The_question_whether_somebody_is_here_is_told_from_a_visit_to_the_front_page()
    {
        var probe = Request("startup", "/");
        var visit = Request("http-forward-get", "/");

        Assert.True(HostCalls.IsProbe(probe));
        Assert.False(HostCalls.IsProbe(visit));
    }

    private static HostCalls Judge(HttpRequest request) => new(Composition.Functions(), request.Host.Port!.Value);

    private static HttpRequest Request(string name, string path)
    {
        var row = Rows.Single(row => row.Name == name);
        var request = new DefaultHttpContext().Request;
        request.Method = row.Method;
        request.Path = path;
        foreach (var (header, value) in row.Headers)
        {
            request.Headers[header] = value;
        }

        return request;
    }
}
