using System.Globalization;
using PracticPro.FunctionsHost.App;
using PracticPro.FunctionsHost.Durable;

namespace PracticPro.FunctionsHost;

/// <summary>What stands on the command line.</summary>
internal sealed record CommandLine(
    string AppFolder, int Port, HttpMode? Mode, ExtensionVersion Extension, bool UntilInputEnds, string? LogFile, int Seed,
    IReadOnlyDictionary<string, string> Settings)
{
    public const string Usage =
        "usage: PracticPro.FunctionsHost --app DIR [--listen http://127.0.0.1:PORT] [--mode proxy|forward] [--extension 2|3] "
        + "[--until-input-ends] [--seed N] [--log FILE] [--setting NAME=VALUE ...]";

    /// <summary>The options, or the sentence that says what is wrong.</summary>
    public static (CommandLine? Line, string? Problem) Read(string[] arguments)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        var line = new CommandLine("", 0, null, ExtensionVersion.Three, false, null, 1, settings);
        for (var at = 0; at < arguments.Length; at++)
        {
            if (arguments[at] == "--until-input-ends")
            {
                line = line with { UntilInputEnds = true };
                continue;
            }

            if (at + 1 == arguments.Length)
            {
                return (null, $"{arguments[at]} needs a value");
            }

            if (line.With(arguments[at], arguments[at + 1], settings) is not { } next)
            {
                return (null, $"{arguments[at]} {arguments[at + 1]} is not understood");
            }

            line = next;
            at++;
        }

        return line.AppFolder.Length > 0 ? (line, null) : (null, "--app is missing");
    }

    private CommandLine? With(string name, string value, Dictionary<string, string> settings) => name switch
    {
        "--app" => this with { AppFolder = value },
        "--listen" when Uri.TryCreate(value, UriKind.Absolute, out var address) && address.IsLoopback =>
            this with { Port = address.Port },
        "--mode" when value == "proxy" => this with { Mode = HttpMode.Proxy },
        "--mode" when value == "forward" => this with { Mode = HttpMode.Forward },
        "--extension" when value == "2" => this with { Extension = ExtensionVersion.Two },
        "--extension" when value == "3" => this,
        "--seed" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seed) => this with { Seed = seed },
        "--log" => this with { LogFile = value },
        "--setting" when value.Split('=', 2) is [{ Length: > 0 } setting, var content] => Set(settings, setting, content),
        _ => null,
    };

    private CommandLine Set(Dictionary<string, string> settings, string name, string value)
    {
        settings[name] = value;
        return this;
    }
}
