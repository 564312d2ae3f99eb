namespace PracticPro.Hosting.Functions.Front;

/// <summary>How the back is started.</summary>
internal sealed record BackCommand(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>This very program, with the same settings, however it was started itself.</summary>
    /// <param name="settings">As they were given on the command line; those of the environment are inherited.</param>
    public static BackCommand OfThisProgram(IEnumerable<string> settings)
    {
        var process = Environment.ProcessPath ?? throw new InvalidOperationException("This process has no program.");
        string[] verb = ["functions", "work"];
        return string.Equals(Path.GetFileNameWithoutExtension(process), "dotnet", StringComparison.OrdinalIgnoreCase)
            ? new BackCommand(process, [Path.Combine(AppContext.BaseDirectory, "PracticPro.dll"), .. verb, .. settings])
            : new BackCommand(process, [.. verb, .. settings]);
    }
}
