namespace PracticPro.Sandbox.Microsoft.Identity;

/// <summary>An app registration. With no redirect listed, any loopback address will do.</summary>
internal sealed record MicrosoftClient(string Key, string Secret, IReadOnlyList<string> Redirects)
{
    /// <summary>Registered from the start, so that nothing need be set up to try the sandbox.</summary>
    public static readonly MicrosoftClient Default =
        new("5f2c8a71-6d0e-4b39-9c14-8e7a3d5b1f60", "sandbox~8Q~microsoft-client-value", []);

    /// <summary>Client secrets end after two years at most; nobody can sign in or renew then.</summary>
    public bool SecretIsExpired { get; init; }

    public bool Allows(string? redirect) =>
        Uri.TryCreate(redirect, UriKind.Absolute, out Uri? uri)
        && (Redirects.Count > 0 ? Redirects.Contains(redirect) : uri.IsLoopback);
}
