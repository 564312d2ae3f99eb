using PracticPro.Kernel;

namespace PracticPro.Sync.Connectors;

/// <summary>What a provider knows the program by: settings <c>Sync:Clients:{provider}:…</c>.</summary>
internal sealed class ProviderClient
{
    /// <summary>The client's name there.</summary>
    public string Id { get; init; } = "";

    /// <summary>By a file or the environment: a command line is seen by every user of the machine.</summary>
    public SecretText Secret { get; init; } = SecretText.Empty;

    /// <summary>Where the provider sends the browser back to: <c>https://host/connect/{provider}/callback</c>.</summary>
    public Uri? RedirectUri { get; init; }

    /// <summary>Where notifications reach us, if not below <see cref="SyncOptions.WebhookBaseUri"/>.</summary>
    public Uri? WebhookAddress { get; init; }

    /// <summary>What notifications are signed with, where that is one key for the whole program (QuickBooks' verifier token).</summary>
    public SecretText WebhookKey { get; init; } = SecretText.Empty;

    public bool IsSetUp => Id.Length > 0 && RedirectUri is not null;

    public override string ToString() => "***";
}
