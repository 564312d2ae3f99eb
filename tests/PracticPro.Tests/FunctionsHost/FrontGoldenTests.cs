using System.Text;
using System.Text.Json.Nodes;
using PracticPro.FunctionsHost.App;

namespace PracticPro.Tests.FunctionsHost;

/// <summary>HTTP functions, in both ways that a handler answers with: as payloads and as copies of the request.</summary>
public sealed class FrontGoldenTests
{
    public static IEnumerable<TheoryDataRow<string>> Payloads => GoldenFiles.Kinds("http-payloads.json");

    public static IEnumerable<TheoryDataRow<string>> Outputs => GoldenFiles.Kinds("http-outputs.json");

    public static IEnumerable<TheoryDataRow<string>> Forwards => GoldenFiles.Kinds("http-forwards.json");

    private static IReadOnlyList<Function> Functions { get; } =
    [
        Http("HttpGet", "items/{id}/{tag?}", "get"),
        Http("HttpPost", "post", "post"),
    ];

    [Theory]
    [MemberData(nameof(Payloads))]
    public async Task A_request_becomes_the_captured_payload(string kind)
    {
        var golden = GoldenFiles.Of("http-payloads.json", kind);
        await using var rig = await Rig.StartAsync(_ => HandlerReply.Ok("{}"), Functions);

        await RawRequest.SendAsync(rig.Host.Address, golden["client"]!);

        var request = Assert.Single(rig.Handler.Requests);
        Assert.Equal(GoldenFiles.Masked(golden["body"]!.GetValue<string>()), GoldenFiles.Masked(request.Text));
    }

    [Theory]
    [MemberData(nameof(Outputs))]
    public async Task An_answer_becomes_the_captured_response(string kind)
    {
        var golden = GoldenFiles.Of("http-outputs.json", kind);
        await using var rig = await Rig.StartAsync(
            _ => HandlerReply.Of(
                golden["answerStatus"]!.GetValue<int>(), "Any", golden["answerType"]!.GetValue<string>(), golden["answer"]!.GetValue<string>()),
            Functions);

        var response = await RawRequest.SendAsync(rig.Host.Address, new JsonObject { ["method"] = "GET", ["path"] = "/api/items/7" });

        Assert.Equal(golden["status"]!.GetValue<int>(), response.Status);
        Assert.Equal(golden["body"]!.GetValue<string>(), response.Text);
        Assert.Equal(Sorted(golden["headers"]!.AsArray()), response.SortedHeaders);
    }

    [Theory]
    [MemberData(nameof(Forwards))]
    public async Task A_forwarded_request_arrives_as_captured(string kind)
    {
        var golden = GoldenFiles.Of("http-forwards.json", kind);
        await using var rig = await Rig.StartAsync(
            _ => HandlerReply.Of(
                201, "Made Here", "text/plain; charset=utf-8", "forwarded answer",
                "X-Cap: forwarded\r\nSet-Cookie: a=1; Path=/\r\nSet-Cookie: b=2; Path=/\r\n"),
            Functions,
            with: options => options with { Mode = HttpMode.Forward });

        var response = await RawRequest.SendAsync(rig.Host.Address, golden["client"]!);

        Assert.Equal((golden["status"]!.GetValue<int>(), golden["reason"]!.GetValue<string>()), (response.Status, response.Reason));
        Assert.Equal(
            Sorted(golden["responseHeaders"]!.AsArray().Where(one => one![0]!.GetValue<string>() is not ("Date" or "Server"))),
            response.SortedHeaders);
        AssertArrived(golden, rig.Handler.Requests.SingleOrDefault());
    }

    [Fact]
    public async Task A_proxied_request_streams_and_keeps_its_query()
    {
        await using var rig = await Rig.StartAsync(
            _ => HandlerReply.Of(200, "OK", "text/plain", "straight", "Set-Cookie: a=1\r\n"),
            Functions,
            with: options => options with { Mode = HttpMode.Proxy });

        var response = await RawRequest.SendAsync(rig.Host.Address, new JsonObject
        {
            ["method"] = "POST",
            ["path"] = "/api/post?x=1&x=2&flag",
            ["headers"] = new JsonObject { ["Content-Type"] = "text/plain" },
            ["body"] = "in pieces",
            ["chunked"] = true,
        });

        Assert.Equal("straight", response.Text);
        var request = Assert.Single(rig.Handler.Requests);
        Assert.Equal("/api/post?x=1&x=2&flag", request.Target);
        Assert.Equal("in pieces", request.Text);
        Assert.Contains(request.Headers, one => one.Name == "x-ms-invocation-id");
        Assert.Contains(("Host", rig.Handler.Address.Authority), request.Headers);
        Assert.Contains(("X-Forwarded-Host", rig.Host.Address.Authority), request.Headers);
        Assert.Contains(("X-Forwarded-For", "127.0.0.1"), request.Headers);
    }

    [Fact]
    public async Task A_function_with_a_second_input_is_never_proxied()
    {
        var function = new Function("HttpClient", [.. Http("HttpClient", "client", "get").Bindings, Binding.Of("durableClient", "client")]);
        await using var rig = await Rig.StartAsync(
            _ => HandlerReply.Ok("{}"), [function], with: options => options with { Mode = HttpMode.Proxy });

        await RawRequest.SendAsync(rig.Host.Address, new JsonObject { ["method"] = "GET", ["path"] = "/api/client" });

        var request = Assert.Single(rig.Handler.Requests);
        Assert.Equal("/HttpClient", request.Target);
        var client = JsonNode.Parse(request.Data("client"))!;
        Assert.Equal(rig.Host.GrpcAddress, new Uri(client["rpcBaseUrl"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("/", 200)]
    [InlineData("/api/nothing", 404)]
    [InlineData("/api/post", 404)]
    [InlineData("/api/secret", 401)]
    [InlineData("/admin/anything", 404)]
    public async Task What_no_function_serves_is_refused(string path, int status)
    {
        var secret = Function.Of("Secret", "httpTrigger", "req", Binding.Of("http", "res", output: true));
        await using var rig = await Rig.StartAsync(_ => HandlerReply.Ok("{}"), [.. Functions, secret]);

        var response = await RawRequest.SendAsync(rig.Host.Address, new JsonObject { ["method"] = "GET", ["path"] = path });

        Assert.Equal(status, response.Status);
        Assert.Empty(rig.Handler.Requests);
    }

    private static Function Http(string name, string route, string method)
    {
        var trigger = Binding.Of("httpTrigger", "req")
            .With("authLevel", "anonymous").With("route", route).With("methods", new JsonArray(method));
        return new Function(name, [trigger, Binding.Of("http", "res", output: true)]);
    }

    private static void AssertArrived(JsonNode golden, HandlerRequest? request)
    {
        Assert.Equal(golden["path"]?.GetValue<string>(), request?.Target);
        if (request is null)
        {
            return;
        }

        var headers = golden["headers"]!.AsArray().Select(one => $"{one![0]}: {GoldenFiles.Masked(one[1]!.GetValue<string>())}");
        Assert.Equal(headers, request.Headers.Select(one => $"{one.Name}: {GoldenFiles.Masked(one.Value)}"));
        var body = golden["body"]!.GetValue<string>();
        Assert.Equal(golden["encoding"]!.GetValue<string>() == "base64" ? Convert.FromBase64String(body) : Encoding.UTF8.GetBytes(body), request.Body);
    }

    private static IEnumerable<string> Sorted(IEnumerable<JsonNode?> headers) =>
        headers.Select(one => $"{one![0]}: {one[1]}").Order(StringComparer.Ordinal);
}
