namespace PracticPro.Tests.Support;

/// <summary>Plain HTTP to a server in this very process. The one place in the tests that makes a client.</summary>
internal static class LoopbackHttp
{
    /// <summary>Redirects are shown, not followed; nothing goes through a proxy.</summary>
    public static HttpClient To(Uri address)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false };
#pragma warning disable RS0030 // The program's rule is about outside hosts; this one is loopback.
        return new HttpClient(handler, disposeHandler: true) { BaseAddress = address };
#pragma warning restore RS0030
    }
}
