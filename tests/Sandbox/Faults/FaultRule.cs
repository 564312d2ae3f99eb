using System.Text.RegularExpressions;

namespace PracticPro.Sandbox.Faults;

/// <summary>
/// Which requests a rule is about. What is null matches everything; the path is matched anywhere in it.
/// </summary>
internal sealed record FaultMatch(string? Method, string? PathRegex, string? Mailbox);

/// <summary>What goes wrong.</summary>
internal enum FaultKind
{
    /// <summary>An error answer instead of the real one; nothing is done.</summary>
    Status,

    /// <summary>
    /// No answer: the request is held, then the connection is cut. Nothing is done unless Acts is set.
    /// </summary>
    Timeout,

    /// <summary>The connection is cut before anything is done.</summary>
    DropBefore,

    /// <summary>Everything is done, then the connection is cut instead of an answer.</summary>
    DropAfter,

    /// <summary>
    /// The given process is killed (SIGKILL), before or after everything is done, and the connection is cut.
    /// </summary>
    Kill,

    /// <summary>Everything is done; half of the answer is sent, then the connection is cut.</summary>
    Truncate,

    /// <summary>Everything is done; the answer is 200 with JSON that does not parse.</summary>
    Malformed,

    /// <summary>The real answer, later.</summary>
    Delay,
}

/// <summary>A fault and its particulars; each kind reads only its own.</summary>
internal sealed record FaultAction(FaultKind Kind)
{
    /// <summary>Status: Google's reason, for example backendError.</summary>
    public string? Reason { get; init; }

    /// <summary>Status: another HTTP status than the reason usually has.</summary>
    public int? Code { get; init; }

    /// <summary>Status: another message.</summary>
    public string? Message { get; init; }

    /// <summary>
    /// Timeout and delay: how long, in real time whatever the sandbox's clock does. Status: what Retry-After says, where
    /// the provider has such a header.
    /// </summary>
    public double Seconds { get; init; } = 1;

    /// <summary>Timeout: do what was asked before holding the answer back.</summary>
    public bool Acts { get; init; }

    /// <summary>Kill: the process.</summary>
    public int Pid { get; init; }

    /// <summary>Kill: after acting; false for before.</summary>
    public bool After { get; init; }
}

/// <summary>
/// One rule in the queue: lets the first <see cref="Skip"/> matching requests pass, then strikes
/// <see cref="Times"/> times, then is spent. It counts what it saw and how often it fired.
/// </summary>
internal sealed class FaultRule(int number, FaultMatch match, FaultAction action, int skip, int times)
{
    private const RegexOptions PathOptions = RegexOptions.NonBacktracking | RegexOptions.IgnoreCase;

    private readonly Regex? _path = match.PathRegex is null ? null : new Regex(match.PathRegex, PathOptions);

    public int Number => number;

    public FaultMatch Match => match;

    public FaultAction Action => action;

    public int Skip => skip;

    /// <summary>0 or less: for ever.</summary>
    public int Times => times;

    public int Seen { get; private set; }

    public int Fired { get; private set; }

    public static bool IsPattern(string pattern)
    {
        try
        {
            return new Regex(pattern, PathOptions) is not null;
        }
        catch (Exception bad) when (bad is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    /// <summary>
    /// Counts the request if it matches; true when it is to be struck. Called under the queue's lock.
    /// </summary>
    public bool Strikes(string method, string path, string? mailbox)
    {
        bool matches = (match.Method is null || match.Method.Equals(method, StringComparison.OrdinalIgnoreCase))
            && (_path is null || _path.IsMatch(path))
            && (match.Mailbox is null || match.Mailbox.Equals(mailbox, StringComparison.OrdinalIgnoreCase));
        if (!matches || ++Seen <= skip || (times > 0 && Fired >= times))
        {
            return false;
        }

        Fired++;
        return true;
    }
}
