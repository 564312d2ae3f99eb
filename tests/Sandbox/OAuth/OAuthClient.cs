namespace PracticPro.Sandbox.OAuth;

/// <summary>A registered OAuth client. With no redirect listed, any loopback address will do.</summary>
internal sealed record OAuthClient(string Key, string Secret, IReadOnlyList<string> Redirects)
{
    /// <summary>Registered from the start, so that nothing need be set up to try the sandbox.</summary>
    public static readonly OAuthClient Default =
        new("practicpro-sandbox.apps.googleusercontent.example", "GOCSPX-sandbox-secret", []);

    /// <summary>The project the client belongs to; a revocation ends what all clients of it hold.</summary>
    public string Project { get; init; } = "practicpro-sandbox";

    public bool Allows(string? redirect) =>
        Uri.TryCreate(redirect, UriKind.Absolute, out Uri? uri)
        && (Redirects.Count > 0 ? Redirects.Contains(redirect) : uri.IsLoopback);
}
