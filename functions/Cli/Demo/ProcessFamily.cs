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

    /// <summary>The fourth field; the second is a name in brackets that may hold anything.</summary>
    private static int? ParentIn(string file)
    {
        try
        {
            var text = File.ReadAllText(file);
            return int.Parse(text[(text.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
