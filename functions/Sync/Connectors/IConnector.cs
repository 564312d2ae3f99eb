using System.Collections.Immutable;
using PracticPro.Kernel;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;

namespace PracticPro.Sync.Connectors;

/// <summary>
/// A provider as this room sees it: everything peculiar to it lies behind this. One more provider is one more folder with
/// an implementation, its operations declared at the egress door, and a registration.
/// </summary>
internal interface IConnector
{
    Provider Provider { get; }

    /// <summary>What a person calls it on a page: <c>Google Calendar</c>.</summary>
    string Title { get; }

    /// <summary>How access is asked for, kept alive and given back.</summary>
    OAuthTerms Terms { get; }

    /// <summary>How the provider tells of changes; null when it does not, and polling alone keeps in step.</summary>
    IChannels? Channels { get; }

    /// <summary>Whose account a fresh grant opens.</summary>
    /// <param name="callback">What the browser came back with, apart from code and state: QuickBooks names its realm there and nowhere else.</param>
    Task<Outcome<ConnectedAccount>> IdentifyAsync(
        IAccessTokens tokens, IReadOnlyDictionary<string, string> callback, CancellationToken cancellation);

    /// <summary>The streams there are now. Asked at the start and every few hours: folders come and go.</summary>
    Task<Outcome<ImmutableArray<StreamName>>> StreamsAsync(ConnectorScope scope, CancellationToken cancellation);

    IStreamSource Source(ConnectorScope scope, StreamName stream);
}
