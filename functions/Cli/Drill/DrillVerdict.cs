using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace PracticPro.Cli.Drill;

/// <summary>What a drill found, line by line, and the verdict in one line of JSON.</summary>
internal sealed class DrillVerdict(TextWriter output)
{
    private readonly long start = Stopwatch.GetTimestamp();

    /// <summary>Stores that were restored and compared.</summary>
    public int Restored { get; set; }

    public long Commits { get; set; }

    /// <summary>Every restored store was the source's equal.</summary>
    public bool Equal { get; set; } = true;

    /// <summary>Erased documents that were in a restored store.</summary>
    public int Resurrected { get; set; }

    public int Erased { get; set; }

    /// <summary>Ways of tampering that were tried, and found.</summary>
    public int TamperTried { get; set; }

    public int TamperFound { get; set; }

    /// <summary>Nothing that was looked at failed, up to now.</summary>
    public bool Holds { get; private set; } = true;

    /// <summary>One thing that was looked at.</summary>
    public async Task SayAsync(bool holds, string what, string found)
    {
        Holds &= holds;
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{(holds ? "ok  " : "FAIL")}  {what,-58}  {found}"));
    }

    public async Task<bool> EndAsync()
    {
        var holds = Holds && Equal && Resurrected == 0 && Restored > 0 && TamperFound == TamperTried;
        await output.WriteLineAsync(JsonSerializer.Serialize(
            new
            {
                restored = Restored,
                equal = Equal,
                resurrected = Resurrected,
                erased = Erased,
                tamperFound = TamperTried > 0 ? TamperFound == TamperTried : (bool?)null,
                tampered = TamperTried,
                commits = Commits,
                seconds = Math.Round(Stopwatch.GetElapsedTime(start).TotalSeconds, 1),
                passed = holds,
            }));
        return holds;
    }
}
