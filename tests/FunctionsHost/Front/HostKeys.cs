using PracticPro.FunctionsHost.App;

namespace PracticPro.FunctionsHost.Front;

/// <summary>Keys: a function that is not anonymous wants one, in the query or in a header. There is one, the master key.</summary>
internal static class HostKeys
{
    public static bool LetsIn(HttpRequest request, Function function) => IsAnonymous(function) || HasKey(request);

    public static bool HasKey(HttpRequest request) =>
        request.Query["code"] == JobHost.HostKey || request.Headers["x-functions-key"] == JobHost.HostKey;

    // What is not said is "function".
    private static bool IsAnonymous(Function function) =>
        string.Equals(function.Trigger.Text("authLevel"), "anonymous", StringComparison.OrdinalIgnoreCase);
}
