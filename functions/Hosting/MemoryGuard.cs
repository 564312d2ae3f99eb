using System.ComponentModel;
using System.Runtime.InteropServices;

namespace PracticPro.Hosting;

/// <summary>
/// Keeps what this process holds in memory from being written to a file when it crashes, and from being read by other
/// programs of the same user. On Linux: no core file (<c>RLIMIT_CORE</c>, setrlimit(2)), and the process is not dumpable
/// (<c>PR_SET_DUMPABLE</c>, prctl(2)), which also holds for core files that go to a program (core(5)) and closes
/// <c>/proc/PID/mem</c> and <c>environ</c> to all but root (ptrace(2)).
/// <para>
/// Raised as the first thing the program does, before there is a secret, and lowered when the settings allow dumps. On other
/// systems it does nothing. Whoever is root reads everything; the runtime's own dumps are refused by
/// <see cref="MemoryOptions"/>, for root's process writes them all the same.
/// </para>
/// </summary>
internal static class MemoryGuard
{
    private const int CoreFileSize = 4;
    private const int SetDumpable = 4;

    // What the limit was before it was lowered.
    private static ulong softLimit;

    /// <exception cref="Win32Exception">The system refused. A program that cannot keep its memory to itself does not begin.</exception>
    public static void Raise()
    {
        if (OperatingSystem.IsLinux())
        {
            Demand(GetLimit(CoreFileSize, out var limit));
            softLimit = limit.Soft;
            Demand(SetLimit(CoreFileSize, limit with { Soft = 0 }));
            Demand(ProcessControl(SetDumpable, 0, 0, 0, 0));
        }
    }

    /// <summary>Takes the guard away where the settings say so.</summary>
    public static void LowerIfAllowed(IConfiguration configuration)
    {
        if (OperatingSystem.IsLinux() && configuration.GetValue<bool>("Memory:AllowDumps"))
        {
            Demand(GetLimit(CoreFileSize, out var limit));
            Demand(SetLimit(CoreFileSize, limit with { Soft = Math.Max(limit.Soft, softLimit) }));
            Demand(ProcessControl(SetDumpable, 1, 0, 0, 0));
        }
    }

    private static void Demand(int result)
    {
        if (result != 0)
        {
            throw new Win32Exception("The system does not let the program keep its memory to itself.");
        }
    }

    [DllImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetLimit(int resource, out Limit limit);

    [DllImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetLimit(int resource, in Limit limit);

    [DllImport("libc", EntryPoint = "prctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ProcessControl(int option, nuint second, nuint third, nuint fourth, nuint fifth);

    /// <summary><c>struct rlimit</c> of a 64-bit Linux.</summary>
    private readonly record struct Limit(ulong Soft, ulong Hard);
}
