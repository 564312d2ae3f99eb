using PracticPro.FunctionsHost.App;

namespace PracticPro.Tests.FunctionsHost;

/// <summary>What the real host would not load is refused, with a sentence that names it.</summary>
public sealed class AppFolderTests : IDisposable
{
    private const string Http = """{"name":"req","type":"httpTrigger","direction":"in"}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("practicpro-app").FullName;

    [Theory]
    [InlineData("""{"name":"req","type":"httpTrigger"}""", "without direction")]
    [InlineData(Http + """,{"name":"t","type":"timerTrigger","direction":"in","schedule":"0 * * * * *"}""", "more than one trigger")]
    [InlineData(Http + """,{"name":"REQ","type":"http","direction":"out"}""", "used more than once")]
    [InlineData("""{"name":"a","type":"activityTrigger","direction":"in"},{"name":"$return","type":"http","direction":"out"}""", "$return")]
    [InlineData(Http + """,{"name":"x","type":"carrierPigeon","direction":"out"}""", "not registered")]
    [InlineData("""{"name":"t","type":"timerTrigger","direction":"in","schedule":"* * * * *"}""", "six fields")]
    [InlineData("""{"name":"t","type":"timerTrigger","direction":"in","schedule":"%Nowhere%"}""", "six fields")]
    [InlineData("""{"name":"res","type":"http","direction":"out"}""", "no trigger")]
    public void A_function_that_would_not_load_is_refused(string bindings, string because)
    {
        Write("One", bindings);

        var (app, refusals) = AppFolder.Read(_folder, new Dictionary<string, string>());

        Assert.Null(app);
        Assert.Contains(because, Assert.Single(refusals), StringComparison.Ordinal);
    }

    [Fact]
    public void A_schedule_may_be_the_name_of_a_setting()
    {
        Write("One", """{"name":"t","type":"timerTrigger","direction":"in","schedule":"%Often%"}""");

        var (app, _) = AppFolder.Read(_folder, new Dictionary<string, string> { ["Often"] = "*/5 * * * * *" });

        Assert.Equal("One", Assert.Single(app!.Functions).Name);
    }

    [Fact]
    public void The_settings_of_host_json_are_taken()
    {
        Write("One", Http, """,{"name":"res","type":"http","direction":"out"}""");

        var (app, _) = AppFolder.Read(_folder, new Dictionary<string, string>());

        Assert.Equal("Hub", app!.Settings.HubName);
        Assert.Equal(HttpMode.Proxy, app.Settings.Mode);
        Assert.Equal(TimeSpan.FromMinutes(5), app.Settings.FunctionTimeout);
        Assert.Equal("", app.Settings.RoutePrefix);
        Assert.True(app.Functions[0].IsHttpInAndOut);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Write(string name, params string[] bindings)
    {
        File.WriteAllText(Path.Combine(_folder, "host.json"), """
            {
              "version": "2.0", "functionTimeout": "00:05:00",
              "extensions": { "http": { "routePrefix": "" }, "durableTask": { "hubName": "Hub" } },
              "customHandler": { "description": { "defaultExecutablePath": "app" }, "enableProxyingHttpRequest": true }
            }
            """);
        Directory.CreateDirectory(Path.Combine(_folder, name));
        File.WriteAllText(Path.Combine(_folder, name, "function.json"), $$"""{"bindings":[{{string.Concat(bindings)}}]}""");
    }
}
