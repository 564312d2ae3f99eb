using System.Globalization;

namespace PracticPro.Sandbox;

/// <summary>Reads the command line: pairs of a name and a value, nothing else.</summary>
internal static class CommandLine
{
    public const string Usage =
        "usage: PracticPro.Sandbox [--port N] [--mail DIR] [--seed N] [--limit N] [--units-per-minute N] "
        + "[--mailboxes a@x,b@y] [--outlook c@x,d@y] [--loopback-http yes|no]";

    /// <summary>The options, or the sentence that says what is wrong.</summary>
    public static (SandboxOptions? Options, string? Problem) Read(string[] arguments)
    {
        var options = new SandboxOptions();
        for (int at = 0; at < arguments.Length; at += 2)
        {
            if (at + 1 == arguments.Length)
            {
                return (null, $"{arguments[at]} needs a value");
            }

            if (With(options, arguments[at], arguments[at + 1]) is not SandboxOptions next)
            {
                return (null, $"{arguments[at]} {arguments[at + 1]} is not understood");
            }

            options = next;
        }

        return options.MailFolder is null || Directory.Exists(options.MailFolder)
            ? (options, null)
            : (null, $"there is no folder {options.MailFolder}");
    }

    private static SandboxOptions? With(SandboxOptions options, string name, string value)
    {
        bool isNumber = long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number);
        bool isSmall = isNumber && number <= int.MaxValue;
        return name switch
        {
            "--port" when isSmall && number <= ushort.MaxValue => options with { Port = (int)number },
            "--mail" => options with { MailFolder = value },
            "--seed" when isNumber => options with { Seed = number },
            "--limit" when isSmall => options with { Limit = (int)number },
            "--units-per-minute" when isSmall => options with { UnitsPerMinute = (int)number },
            "--loopback-http" when value is "yes" or "no" => options with { TakesLoopbackHttp = value == "yes" },
            "--mailboxes" when value.Contains('@') => options with
            {
                Mailboxes = value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            },
            "--outlook" when value.Contains('@') => options with
            {
                OutlookAccounts = value.Split(
                    ',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            },
            _ => null,
        };
    }
}
