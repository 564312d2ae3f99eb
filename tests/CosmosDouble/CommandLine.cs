using System.Globalization;

namespace PracticPro.CosmosDouble;

/// <summary>Reads the command line: pairs of a name and a value, nothing else.</summary>
internal static class CommandLine
{
    public const string Usage = "usage: PracticPro.CosmosDouble --identity DIR [--port N] [--folder DIR] [--ranges N] [--until-input-ends]";

    /// <summary>The options, or the sentence that says what is wrong.</summary>
    public static (CosmosServerOptions? Options, string? Problem) Read(string[] arguments)
    {
        var options = new CosmosServerOptions { Identity = "" };
        for (var at = 0; at < arguments.Length; at += 2)
        {
            if (at + 1 == arguments.Length)
            {
                return (null, $"{arguments[at]} needs a value");
            }

            if (With(options, arguments[at], arguments[at + 1]) is not { } next)
            {
                return (null, $"{arguments[at]} {arguments[at + 1]} is not understood");
            }

            options = next;
        }

        return options.Identity.Length > 0 ? (options, null) : (null, "--identity is missing");
    }

    private static CosmosServerOptions? With(CosmosServerOptions options, string name, string value)
    {
        var isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        return name switch
        {
            "--identity" => options with { Identity = value },
            "--port" when isNumber && number <= ushort.MaxValue => options with { Port = number },
            "--folder" => options with { Folder = value },
            "--ranges" when isNumber && number is > 0 and <= 100 => options with { Ranges = number },
            _ => null,
        };
    }
}
