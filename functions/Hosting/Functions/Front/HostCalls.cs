using PracticPro.Hosting.Functions.Declarations;

namespace PracticPro.Hosting.Functions.Front;

/// <summary>
/// Tells the host's own calls from HTTP requests that it hands on. Both come over the same port, and anybody may ask for
/// <c>/take-sync-step</c>: a request that only looks like a call must never run a function.
/// </summary>
/// <param name="port">The port the host was told to call.</param>
internal sealed class HostCalls(FunctionCatalog catalog, int port)
{
    /// <summary>The host numbers what it calls and what it hands on.</summary>
    private const string Number = "X-Azure-Functions-InvocationId";

    /// <summary>
    /// What only a request that was handed on has. The host sends a call without a length, in chunks; it hands on with
    /// one, or (as a proxy) adds the first of these itself, which no caller can take away.
    /// </summary>
    private static readonly string[] MarksOfHttp =
    [
        "x-ms-invocation-id", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Original-URL", "X-ARR-LOG-ID",
        "Content-Length", "Accept", "Accept-Encoding", "Accept-Language", "Cookie", "Authorization", "Origin", "Referer",
    ];

    /// <summary>The host asks whether somebody is here: a request of its own, and not one it hands on, which has a number.</summary>
    public static bool IsProbe(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.Path == "/" && !request.Headers.ContainsKey(Number);

    /// <summary>The function that the host calls; null when the request is one that it hands on.</summary>
    public FunctionDeclaration? Called(HttpRequest request) =>
        HttpMethods.IsPost(request.Method)
        && !request.QueryString.HasValue
        && request.Path.Value is ['/', .. var name]
        && IsAddressedToUs(request)
        && request.Headers.ContainsKey(Number)
        && HasNoMarkOfHttp(request)
        && catalog.TryFind(name, out var function)
        && function is not FunctionDeclaration.Http
            ? function
            : null;

    // A request that is handed on keeps the host name its caller used.
    private bool IsAddressedToUs(HttpRequest request) =>
        request.Host.Port == port && request.Host.Host is ("127.0.0.1" or "localhost");

    private static bool HasNoMarkOfHttp(HttpRequest request) =>
        !MarksOfHttp.Any(request.Headers.ContainsKey);
}
