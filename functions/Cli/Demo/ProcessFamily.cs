using System.Diagnostics;
using System.Globalization;

namespace PracticPro.Cli.Demo;

/// <summary>Who descends from a process, as Linux tells under <c>/proc</c>. Elsewhere nobody is found.</summary>
internal static class ProcessFamily
{
    /// <summary>Children, their children and so on, at this moment.</summary>
    public static IReadOnlyList<int> DescendantsOf(int ancestor)
    {
        var children = Parents().ToLookup(pair => pair.Parent, pair => pair.Process);
        List<int> found = [.. children[ancestor]];
        for (var at = 0; at < found.Count; at++)
        {
            found.AddRange(children[found[at]]);
        }

        return found;
    }

    /// <summary>One that has ended and that nobody has asked about yet is not alive.</summary>
    public static bool IsAlive(int process) => FieldsIn(Path.Combine("/proc", $"{process}", "stat")) is [not ("Z" or "X"), ..];

    /// <summary>SIGKILL; one that is gone already is no trouble.</summary>
    public static void Kill(int process)
    {
        try
        {
            using var victim = Process.GetProcessById(process);
            victim.Kill();
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
        }
    }

    private static IEnumerable<(int Process, int Parent)> Parents()
    {
        if (!Directory.Exists("/proc"))
        {
            yield break;
        }

        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var process)
                && ParentIn(Path.Combine(folder, "stat")) is { } parent)
            {
                yield return (process, parent);
            }
        }
    }

    private static int? ParentIn(string file) =>
        FieldsIn(file) is { Length: > 1 } fields ? int.Parse(fields[1], CultureInfo.InvariantCulture) : null;

    /// <summary>State, parent and so on: what follows the name, which stands in brackets and may hold anything. Null: gone.</summary>
    private static string[]? FieldsIn(string file)
    {
        try
        {
            var text = File.ReadAllText(file);
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
