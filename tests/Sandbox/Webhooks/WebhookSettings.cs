namespace PracticPro.Sandbox.Webhooks;

/// <summary>Where notifications go, and what happens to them on the way.</summary>
internal sealed record WebhookSettings(Uri Endpoint)
{
    /// <summary>How often each notification is delivered, even when the first delivery was acknowledged.</summary>
    public int Copies { get; init; } = 1;

    /// <summary>About so many of a hundred notifications are never sent. Which ones follows from the seed.</summary>
    public int LostPercent { get; init; }

    /// <summary>Shortens every wait between attempts to at most this; null for the provider's own waits.</summary>
    public TimeSpan? LongestWait { get; init; }
}
