namespace PracticPro.Hosting.Functions.Declarations;

/// <summary>Writes what the Functions host reads: a folder for each function, and <c>host.json</c>. The same every time.</summary>
internal static class EmitFolders
{
    private const string File = "function.json";

    /// <summary>Folders of functions that are no more are taken away; nothing else in the folder is touched.</summary>
    /// <returns>The names of the functions, in ordinal order.</returns>
    public static async Task<IReadOnlyList<string>> WriteAsync(
        FunctionCatalog catalog, string folder, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        List<string> names = [.. catalog.All.Select(function => function.Name)];
        foreach (var gone in Directory.GetDirectories(folder).Where(path => IsFunction(path) && !names.Contains(Path.GetFileName(path))))
        {
            System.IO.File.Delete(Path.Combine(gone, File));
            Directory.Delete(gone);
        }

        foreach (var function in catalog.All)
        {
            var path = Directory.CreateDirectory(Path.Combine(folder, function.Name)).FullName;
            await System.IO.File.WriteAllTextAsync(Path.Combine(path, File), FunctionJson.Of(function), cancellation);
        }

        await System.IO.File.WriteAllTextAsync(Path.Combine(folder, "host.json"), HostJson.Text, cancellation);
        return names;
    }

    // One with anything else in it was not written by this, and is left alone.
    private static bool IsFunction(string path) =>
        Directory.GetFileSystemEntries(path) is [var only] && Path.GetFileName(only) == File;
}
