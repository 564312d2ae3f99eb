using System.Collections.Immutable;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;
using PracticPro.Vault;

namespace PracticPro.Sync.Webhooks;

/// <summary>What a provider posted about one connection, kept sealed for seven days so that it can be gone through again.</summary>
/// <param name="Key">Equal for repeats; 24 characters, behind 12 of when it was made where that is known.</param>
internal sealed record KeptWebhook(
    ConnectionId Connection, string Key, DateTimeOffset ReceivedAt, ImmutableArray<KeptNote> Notes)
{
    public const string ByConnection = "by-connection";

    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    public string Id => IdOf(Connection, Key);

    public string Place => $"{PrefixOf(Connection)}{IndexText.Time(ReceivedAt)}";

    public static string IdOf(ConnectionId connection, string key) => $"{connection}.{key}";

    public static string PrefixOf(ConnectionId connection) => $"{connection}.";
}

/// <param name="Raw">As it came.</param>
internal sealed record KeptNote(StreamName? Stream, WebhookKind Kind, byte[] Raw)
{
    public override string ToString() => "***";
}
