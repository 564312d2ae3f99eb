using System.Globalization;

namespace PracticPro.Tests.Canaries;

/// <summary>The memory of a process that lets itself be read: what a full dump would hold.</summary>
internal static class ProcessMemory
{
    /// <summary>Every sighting in what the process can write to; what it maps from files to read is not its own.</summary>
    public static IReadOnlyList<Sighting> Scan(int process, CanaryScan scan)
    {
        using var memory = File.OpenHandle($"/proc/{process}/mem", FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        List<Sighting> found = [];
        foreach (var line in File.ReadAllLines($"/proc/{process}/maps"))
        {
            var parts = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
            var bounds = parts[0].Split('-').Select(one => long.Parse(one, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToArray();
            if (parts[1].StartsWith("rw", StringComparison.Ordinal))
            {
                var name = parts.Length > 5 ? parts[5] : "anonymous";
                found.AddRange(scan.In(name, bounds[0], bounds[1], (buffer, at) => Read(memory, buffer.Span, at)));
            }
        }

        return found;
    }

    private static int Read(Microsoft.Win32.SafeHandles.SafeFileHandle memory, Span<byte> buffer, long at)
    {
        try
        {
            return RandomAccess.Read(memory, buffer, at);
        }
        catch (IOException)
        {
            // A page that went away meanwhile, or has nothing behind it.
            return 0;
        }
    }
}
