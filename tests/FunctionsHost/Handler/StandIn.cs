using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace PracticPro.FunctionsHost.Handler;

/// <summary>
/// The least that is a custom handler, for tests of the host that need a process: it tells what it was started with,
/// and ends with the code that the function's name asks for.
/// </summary>
internal static class StandIn
{
    public static async Task RunAsync(IReadOnlyList<string> arguments)
    {
        var variables = Environment.GetEnvironmentVariables();
        var port = int.Parse((string)variables["FUNCTIONS_CUSTOMHANDLER_PORT"]!, CultureInfo.InvariantCulture);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        app.UseRouting();
        app.MapPost("/{function}", (string function) => Results.Text(Answer(function, arguments, variables), "application/json"));
        await app.RunAsync();
    }

    private static string Answer(string function, IReadOnlyList<string> arguments, System.Collections.IDictionary variables)
    {
        if (function.StartsWith("Exit", StringComparison.Ordinal))
        {
            Environment.Exit(int.Parse(function[4..], CultureInfo.InvariantCulture));
        }

        var given = new JsonObject();
        foreach (var name in variables.Keys.Cast<string>())
        {
            given[name] = (string?)variables[name];
        }

        var about = new JsonObject
        {
            ["process"] = Environment.ProcessId,
            ["folder"] = Environment.CurrentDirectory,
            ["arguments"] = new JsonArray([.. arguments.Select(one => JsonValue.Create(one))]),
            ["variables"] = given,
        };
        return new JsonObject { ["Outputs"] = new JsonObject { ["res"] = new JsonObject { ["body"] = about } } }.ToJsonString();
    }
}
