using PracticPro.Hosting.Functions.Declarations;

namespace PracticPro.Hosting.Functions;

/// <summary>
/// Section <c>Functions</c>: the program under the Functions host. All ranges are inclusive, checked at start with all
/// errors at once. Every limit of time lies below the host's, so that ours ends first.
/// </summary>
internal sealed class FunctionsOptions
{
    private const string Off = "off";
    private const string Log = "log";

    /// <summary>How long a turn of a workflow may take, waiting for a thread included. 1 s – 2 min.</summary>
    public TimeSpan TurnLimit { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Turns that are taken at once; 0 takes twice the processors. 0–64.</summary>
    public int TurnThreads { get; init; }

    /// <summary>How long a call of a step, a queue or a timer may take. 1 s – 9 min.</summary>
    public TimeSpan CallLimit { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long an HTTP request may be silent. 1 s – 225 s: what stands in front of the app waits 230 s.</summary>
    public TimeSpan HttpLimit { get; init; } = TimeSpan.FromSeconds(220);

    /// <summary>How long a call waits for a back that is starting. 0 – 1 min.</summary>
    public TimeSpan BackPatience { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>Most bytes of a call that the host makes; a history of 20 MB is 27 MB of it. 1 MiB – 1 GiB.</summary>
    public int LargestPayload { get; init; } = 256 << 20;

    /// <summary>Megabytes of memory the front may take; 0 takes what there is. 0–65,536.</summary>
    public int FrontMemory { get; init; } = 1_024;

    /// <summary>
    /// Major version of the workflow extension. The third knows how to take a turn back; to the second an abandoned turn
    /// is a failed instance, which the watchdog mends. 2 or 3.
    /// </summary>
    public int DurableExtension { get; init; } = 3;

    /// <summary>
    /// Proxies before the app whose word on the caller's address, host and scheme is taken. 0 where the host is reached
    /// directly: anybody could then claim any address. 0–5.
    /// </summary>
    public int TrustedHops { get; init; } = 1;

    /// <summary>How often the watchdog restarts one instance within an hour. 0–60.</summary>
    public int RestartsPerHour { get; init; } = 3;

    /// <summary>
    /// Notes what the host's calls look like, without their values: <c>off</c>, <c>log</c>, or an absolute folder. For
    /// staging, where <c>scripts/canary</c> compares them.
    /// </summary>
    public string RecordShapes { get; init; } = Off;

    public bool RecordsShapes => RecordShapes != Off;

    /// <summary>Null: they go to the log.</summary>
    public string? ShapesFolder => RecordShapes is Off or Log ? null : RecordShapes;

    /// <summary>Threads for turns, settled.</summary>
    public int Threads => TurnThreads == 0 ? 2 * Environment.ProcessorCount : TurnThreads;

    /// <summary>What is wrong, a sentence each.</summary>
    public IEnumerable<string> Errors()
    {
        (bool Holds, string Error)[] checks =
        [
            (Within(TurnLimit, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2)), "Functions:TurnLimit is 1 second – 2 minutes."),
            (TurnThreads is >= 0 and <= 64, "Functions:TurnThreads is 0–64."),
            (Within(CallLimit, TimeSpan.FromSeconds(1), HostJson.FunctionTimeout - TimeSpan.FromMinutes(1)), "Functions:CallLimit is 1 second – 9 minutes."),
            (Within(HttpLimit, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(225)), "Functions:HttpLimit is 1–225 seconds."),
            (Within(BackPatience, TimeSpan.Zero, TimeSpan.FromMinutes(1)), "Functions:BackPatience is 0–60 seconds."),
            (LargestPayload is >= 1 << 20 and <= 1 << 30, "Functions:LargestPayload is 1 MiB – 1 GiB."),
            (FrontMemory is >= 0 and <= 65_536, "Functions:FrontMemory is 0–65536 megabytes."),
            (DurableExtension is 2 or 3, "Functions:DurableExtension is 2 or 3."),
            (TrustedHops is >= 0 and <= 5, "Functions:TrustedHops is 0–5."),
            (RecordShapes is Off or Log || Path.IsPathFullyQualified(RecordShapes), "Functions:RecordShapes is off, log or an absolute folder."),
            (RestartsPerHour is >= 0 and <= 60, "Functions:RestartsPerHour is 0–60."),
        ];
        return checks.Where(check => !check.Holds).Select(check => check.Error);
    }

    private static bool Within(TimeSpan value, TimeSpan least, TimeSpan most) => value >= least && value <= most;
}
