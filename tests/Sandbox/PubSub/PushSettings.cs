namespace PracticPro.Sandbox.PubSub;

/// <summary>Where and how changes are pushed: the push subscription of one Pub/Sub topic.</summary>
internal sealed record PushSettings(Uri Endpoint)
{
    /// <summary>The token's audience; the endpoint's own address when nothing else is set.</summary>
    public string? Audience { get; init; }

    /// <summary>The service account in the token.</summary>
    public string Email { get; init; } = "push@practicpro-sandbox.iam.gserviceaccount.example";

    public string Subscription { get; init; } = "projects/practicpro-sandbox/subscriptions/gmail-push";

    /// <summary>
    /// Least time between two pushes of one mailbox; changes in between become one. Gmail: one second.
    /// </summary>
    public TimeSpan Gap { get; init; } = TimeSpan.Zero;

    /// <summary>Wait after the first refusal; it doubles up to <see cref="LongestWait"/>.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromMilliseconds(100);

    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Pub/Sub tries for seven days; a test need not.</summary>
    public int MostAttempts { get; init; } = 12;

    public string EffectiveAudience => Audience ?? Endpoint.ToString();
}
