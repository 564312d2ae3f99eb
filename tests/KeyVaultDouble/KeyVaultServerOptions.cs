using System.Globalization;

namespace PracticPro.KeyVaultDouble;

/// <summary>What the double is started with.</summary>
internal sealed record KeyVaultServerOptions
{
    public const string Usage =
        "usage: PracticPro.KeyVaultDouble --identity DIR [--port N] [--folder DIR] [--units N] [--retention DAYS] "
        + "[--purge-protection on|off] [--until-input-ends]";

    /// <summary>0 takes a free port; 127.0.0.1 only.</summary>
    public int Port { get; init; }

    /// <summary>Where keys are kept; null keeps them in memory.</summary>
    public string? Folder { get; init; }

    /// <summary>Folder of the loopback authority and of the token key.</summary>
    public required string IdentityFolder { get; init; }

    /// <summary>How long a deleted key can be recovered. 7–90 days on the service, 90 unless chosen.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(90);

    public bool PurgeProtection { get; init; } = true;

    /// <summary>
    /// Units of work within ten seconds; the service takes 4,000 of a vault in software. Null: never throttles.
    /// </summary>
    public int? Units { get; init; }

    /// <summary>Entries on one page of a list.</summary>
    public int PageSize { get; init; } = 25;

    /// <summary>The options of a command line, or null when it is not understood.</summary>
    public static KeyVaultServerOptions? Read(string[] arguments)
    {
        var options = new KeyVaultServerOptions { IdentityFolder = "" };
        foreach (var pair in arguments.Chunk(2))
        {
            if (pair.Length < 2 || With(options, pair[0], pair[1]) is not { } next)
            {
                return null;
            }

            options = next;
        }

        return options.IdentityFolder.Length > 0 ? options : null;
    }

    private static KeyVaultServerOptions? With(KeyVaultServerOptions options, string name, string value)
    {
        var isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        return name switch
        {
            "--port" when isNumber && number <= ushort.MaxValue => options with { Port = number },
            "--folder" => options with { Folder = value },
            "--identity" => options with { IdentityFolder = value },
            "--units" when isNumber => options with { Units = number },
            "--retention" when isNumber && number is >= 7 and <= 90 => options with { Retention = TimeSpan.FromDays(number) },
            "--purge-protection" when value is "on" or "off" => options with { PurgeProtection = value == "on" },
            _ => null,
        };
    }
}
