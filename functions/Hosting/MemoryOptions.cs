namespace PracticPro.Hosting;

/// <summary>Section <c>Memory</c>: whether what the program holds in memory may be written to a file.</summary>
internal sealed class MemoryOptions
{
    // The runtime reads both prefixes. Some hosts' configuration strips the first, others keep it.
    private static readonly string[] DumpSwitches = ["DbgEnableMiniDump", "DOTNET_DbgEnableMiniDump", "COMPlus_DbgEnableMiniDump"];

    /// <summary>
    /// Lets a crash leave a dump, and other programs of the same user read this one's memory. A dump holds keys, tokens and
    /// mail of every practice: it is guarded as the key file is, and deleted when it was looked at. Off unless said otherwise.
    /// </summary>
    public bool AllowDumps { get; init; }

    /// <param name="configuration">All of it: the runtime's own switch comes by the environment.</param>
    public IEnumerable<string> Errors(IConfiguration configuration)
    {
        if (!AllowDumps && DumpSwitches.Any(name => IsOn(configuration[name])))
        {
            yield return "DOTNET_DbgEnableMiniDump would write keys and mail to a file when the program crashes. "
                + "Take it out of the environment, or set Memory:AllowDumps to true and guard the dumps as the key file.";
        }
    }

    private static bool IsOn(string? value) => !string.IsNullOrWhiteSpace(value) && value.Trim() is not ("0" or "0x0");
}
