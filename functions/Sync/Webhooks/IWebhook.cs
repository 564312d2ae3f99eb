using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using PracticPro.Kernel;
using PracticPro.Sync.Channels;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;

namespace PracticPro.Sync.Webhooks;

/// <summary>
/// How one provider's notifications are proven. Nothing in a body is believed, and nothing is looked up by it, before it is
/// (CON-4). One is registered beside its connector.
/// </summary>
internal interface IWebhook
{
    Provider Provider { get; }

    Task<WebhookVerdict> ProveAsync(WebhookRequest request, CancellationToken cancellation);
}

/// <summary>What a provider posted, as it came.</summary>
/// <param name="Headers">By name; case does not matter.</param>
[JsonConverter(typeof(NeverJson<WebhookRequest>))]
internal sealed record WebhookRequest(
    IReadOnlyDictionary<string, string> Headers, IReadOnlyDictionary<string, string> Query, ReadOnlyMemory<byte> Body)
{
    // Proofs are in it.
    public override string ToString() => "***";
}

internal abstract record WebhookVerdict
{
    private WebhookVerdict()
    {
    }

    /// <param name="Notes">May be of several accounts, and so of several tenants.</param>
    /// <param name="Unproven">Others in the same post that were not proven and are dropped.</param>
    public sealed record Proven(ImmutableArray<WebhookNote> Notes, int Unproven = 0) : WebhookVerdict
    {
        /// <summary>What the provider takes for an acknowledgement.</summary>
        public int Status { get; init; } = StatusCodes.Status204NoContent;
    }

    /// <summary>The provider asks whether this address is ours: the text is said back, as plain text.</summary>
    public sealed record Handshake(string Text) : WebhookVerdict;

    /// <param name="AnswerAs">The status to hide the refusal behind, where the provider wants one (Graph: 202); null says what it is.</param>
    public sealed record Refused(Failure Why, int? AnswerAs = null) : WebhookVerdict;
}

/// <summary>One proven piece of news. A hint and nothing more: what changed is asked of the provider.</summary>
/// <param name="Of">Whose.</param>
/// <param name="Key">The provider's id of it, as <see cref="KeyOf"/> makes it; equal for repeats, whatever else is.</param>
/// <param name="Raw">The notification as it came, or the part of it that is about this account: nobody else's is in it.</param>
internal sealed record WebhookNote(NoteAddress Of, string Key, ReadOnlyMemory<byte> Raw)
{
    private const int MomentLength = 12;
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>Where there is news; null for anywhere.</summary>
    public StreamName? Stream { get; init; }

    public WebhookKind Kind { get; init; } = WebhookKind.News;

    /// <summary>When it was made, as its key says it: 12 characters that grow with time, or none.</summary>
    public string Moment => Key.Length > MomentLength && Key[MomentLength] == '.' && Key.AsSpan(0, MomentLength).IndexOfAnyExcept(HexDigits) < 0
        ? Key[..MomentLength]
        : "";

    /// <summary>A key that begins with when the provider made the news, where it says so.</summary>
    /// <param name="madeAt">Equal for repeats.</param>
    public static string KeyOf(string id, DateTimeOffset? madeAt) => madeAt >= DateTimeOffset.UnixEpoch
        ? string.Create(CultureInfo.InvariantCulture, $"{madeAt.Value.ToUnixTimeMilliseconds():x12}.{id}")
        : id;

    public override string ToString() => "***";
}

internal enum WebhookKind
{
    News,

    /// <summary>The channel wants to be renewed, or its consent confirmed, soon.</summary>
    ChannelEnding,

    /// <summary>The channel has ended: notifications are missing from some time on.</summary>
    ChannelGone,

    /// <summary>The provider knows that notifications were lost.</summary>
    NewsMissed,
}

/// <summary>Whose a notification is.</summary>
internal abstract record NoteAddress
{
    private NoteAddress()
    {
    }

    /// <param name="Key">A <see cref="ConnectedAccount.Key"/>. The proof was the provider's own signature.</param>
    public sealed record Account(string Key) : NoteAddress
    {
        public override string ToString() => "(account)";
    }

    /// <summary>The proof was the channel's secret.</summary>
    public sealed record Channel(ProvenChannel Known) : NoteAddress;
}
