using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using PracticPro.Tests.Architecture;

namespace PracticPro.Tests.Infra;

/// <summary>
/// The templates of <c>infra/</c>, through the Bicep compiler (a package of this project; for Linux x64 only). It knows the
/// types of all resources, and refuses or warns as <c>infra/bicepconfig.json</c> says.
/// </summary>
internal static class Bicep
{
    public static readonly string Folder = Path.Combine(Source.Root, "infra");

    private static readonly string Compiler = Path.Combine(
        new ConfigurationBuilder().AddEnvironmentVariables().Build()["NUGET_PACKAGES"]
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages"),
        "azure.bicep.commandline.linux-x64", "0.49.2", "tools", "bicep");

    private static readonly Lazy<Task<Built>> Main = new(() => RunAsync("build", "main.bicep"));
    private static readonly ConcurrentDictionary<string, Lazy<Task<Built>>> Parameters = new(StringComparer.Ordinal);

    public static IEnumerable<string> Templates => Directory.GetFiles(Folder, "*.bicep").Order(StringComparer.Ordinal);

    public static IEnumerable<string> ParameterFiles => Directory.GetFiles(Folder, "*.bicepparam").Order(StringComparer.Ordinal);

    /// <summary><c>main.bicep</c> with all it calls, compiled once a run.</summary>
    public static Task<Built> MainAsync() => Main.Value;

    public static string Text(string file) => File.ReadAllText(Path.Combine(Folder, file));

    /// <summary>A parameter file as the values it gives.</summary>
    public static async Task<(JsonObject Values, string Complaints)> ParametersAsync(string file)
    {
        var built = await Parameters.GetOrAdd(file, static name => new Lazy<Task<Built>>(() => RunAsync("build-params", name))).Value;
        var json = JsonNode.Parse(built.Output)!["parametersJson"]!.GetValue<string>();
        return (JsonNode.Parse(json)!["parameters"]!.AsObject(), built.Complaints);
    }

    /// <summary>Every resource of a template and of those it calls, each once as it is written.</summary>
    public static IEnumerable<JsonObject> Resources(JsonNode template)
    {
        var own = template["resources"] switch
        {
            JsonObject named => named.Select(one => one.Value!.AsObject()),
            JsonArray listed => listed.Select(one => one!.AsObject()),
            _ => [],
        };
        foreach (var resource in own.Where(one => one["existing"]?.GetValue<bool>() is not true))
        {
            yield return resource;
            if (resource["properties"]?["template"] is { } called)
            {
                foreach (var inner in Resources(called))
                {
                    yield return inner;
                }
            }
        }
    }

    private static async Task<Built> RunAsync(string verb, string file)
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.X64,
            "The Bicep compiler of this project is for Linux x64.");
        Assert.True(File.Exists(Compiler), "The Bicep compiler is not among the restored packages.");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Compiler, File.GetUnixFileMode(Compiler) | UnixFileMode.UserExecute);
        }

        var start = new ProcessStartInfo(Compiler, [verb, Path.Combine(Folder, file), "--stdout"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
        using var bicep = Process.Start(start)!;
        var complaints = bicep.StandardError.ReadToEndAsync();
        var output = await bicep.StandardOutput.ReadToEndAsync();
        await bicep.WaitForExitAsync();
        return new Built(bicep.ExitCode, output, await complaints);
    }

    /// <param name="Output">The compiled JSON.</param>
    /// <param name="Complaints">Warnings and errors, a line each; empty when there are none.</param>
    internal sealed record Built(int Code, string Output, string Complaints)
    {
        public JsonNode Json => JsonNode.Parse(Output)!;
    }
}
