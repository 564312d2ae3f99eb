using System.Collections;
using System.Diagnostics;
using System.Text.RegularExpressions;
using PracticPro.FunctionsHost.App;

namespace PracticPro.FunctionsHost.Handler;

/// <summary>
/// How the handler is started: variables in percent signs are expanded, arguments are joined by spaces and not quoted,
/// and a path that is not absolute is taken from the app's folder when there is such a file, else from the PATH.
/// </summary>
internal sealed partial record StartCommand(AppFolder App, IReadOnlyDictionary<string, string> Settings)
{
    /// <summary>The start of a process that listens on this port.</summary>
    public ProcessStartInfo At(int port, Guid worker)
    {
        var root = App.Root ?? throw new InvalidOperationException("An app declared in code starts no process.");
        var start = new ProcessStartInfo
        {
            FileName = Executable(root),
            Arguments = string.Join(' ', App.Settings.Arguments.Select(Expanded)),
            WorkingDirectory = Path.Combine(root, App.Settings.WorkingDirectory ?? ""),
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in Settings)
        {
            start.Environment[name] = value;
        }

        start.Environment["FUNCTIONS_CUSTOMHANDLER_PORT"] = $"{port}";
        start.Environment["FUNCTIONS_CUSTOMHANDLER_WORKER_ID"] = $"{worker}";
        start.Environment["FUNCTIONS_HTTPWORKER_PORT"] = $"{port}";
        start.Environment["FUNCTIONS_HTTPWORKER_ID"] = $"{worker}";
        start.Environment["FUNCTIONS_APP_ROOT_PATH"] = root;
        start.Environment["FUNCTIONS_WORKER_RUNTIME"] = "custom";
        return start;
    }

    private string Executable(string root)
    {
        var named = Expanded(App.Settings.Executable!);
        var inApp = Path.Combine(root, named);
        return File.Exists(inApp) ? inApp : named;
    }

    private string Expanded(string text) => Variable().Replace(text, match =>
    {
        var name = match.Groups[1].Value;
        return Settings.GetValueOrDefault(name) ?? Inherited(name) ?? match.Value;
    });

    private static string? Inherited(string name)
    {
        IDictionary inherited = Environment.GetEnvironmentVariables();
        return inherited[name] as string;
    }

    [GeneratedRegex("%([^%]+)%")]
    private static partial Regex Variable();
}
