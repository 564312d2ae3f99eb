using System.Globalization;

namespace PracticPro.Azurite;

/// <summary>Reads the command line.</summary>
internal static class CommandLine
{
    public const string Usage =
        "usage: PracticPro.Azurite --folder DIR --identity DIR [--port N] [--identity-port N --identity-secret S] "
        + "[--until-input-ends]";

    /// <summary>The options, or the sentence that says what is wrong.</summary>
    public static (AzuriteOptions? Options, string? Problem) Read(string[] arguments)
    {
        var options = new AzuriteOptions { Folder = "", Identity = "" };
        for (var at = 0; at < arguments.Length; at += 2)
        {
            if (arguments[at] == "--until-input-ends")
            {
                options = options with { UntilInputEnds = true };
                at--;
                continue;
            }

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

        return options switch
        {
            { Folder: "" } => (null, "--folder is missing"),
            { Identity: "" } => (null, "--identity is missing"),
            { IdentityPort: not null, IdentitySecret: "" } => (null, "--identity-port needs --identity-secret"),
            _ => (options, null),
        };
    }

    private static AzuriteOptions? With(AzuriteOptions options, string name, string value)
    {
        var isPort = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < ushort.MaxValue;
        return name switch
        {
            "--folder" => options with { Folder = value },
            "--identity" => options with { Identity = value },
            "--identity-secret" => options with { IdentitySecret = value },
            "--port" when isPort => options with { Port = number },
            "--identity-port" when isPort => options with { IdentityPort = number },
            _ => null,
        };
    }
}
