using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using PracticPro.Kernel;
using PracticPro.Sync.Budgets;
using PracticPro.Sync.Mailbox;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;

namespace PracticPro.Sync.Gmail;

/// <summary>
/// A mailbox's labels and sending addresses as one stream with one item, read whole each time: both lists are short, come
/// on one page, and Gmail tells of no changes to them. Two quota units a look.
/// </summary>
/// <param name="open">Opens the mailbox for calls in that hurry.</param>
internal sealed class MailboxSettingsSource(ConnectionId connection, Func<CallPriority, GmailMailbox> open) : IStreamSource
{
    /// <summary>The one item's id, and the one point there is.</summary>
    public const string Whole = "whole";

    public static readonly StreamName Stream = StreamName.Parse("settings");

    private const int Most = 1_000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true };

    public IMirror Mirror => MailboxSettings.Mirror;

    public bool IsTold => false;

    public async Task<Outcome<ProviderAnswers>> FetchAsync(
        StreamRequest request, Func<string, ValueTask<MirroredItem?>> known, CancellationToken cancellation)
    {
        if (request is StreamRequest.Begin)
        {
            return new ProviderAnswers([]);
        }

        var mailbox = open(CallPriorities.Of(request));
        var labels = await mailbox.AskLabelsAsync(cancellation);
        if (!labels.Try(out var named, out var why))
        {
            return why;
        }

        var sendAs = await mailbox.AskSendAsAsync(cancellation);
        return sendAs.Try(out var own, out why)
            ? new ProviderAnswers([named, own])
            : why;
    }

    /// <summary>What is stored: a look that finds the same is no news.</summary>
    public ImmutableArray<string> Needs(StreamRequest request, ProviderAnswers answers) =>
        request is StreamRequest.Follow ? [Whole] : [];

    public Outcome<StreamPage> Reduce(
        StreamRequest request, ProviderAnswers answers, IReadOnlyDictionary<string, MirroredItem> before)
    {
        try
        {
            return (request, answers.Each) switch
            {
                (StreamRequest.Begin, []) => StreamPage.Empty,
                (StreamRequest.Ask, [var labels, var sendAs]) => Read(labels, sendAs),
                (_, [var labels, var sendAs]) => Read(labels, sendAs) is var page && page.Try(out var read, out _)
                    ? read with { NextPoint = Whole, Present = request is StreamRequest.Follow ? News(read, before) : read.Present }
                    : page,
                _ => new SyncFailures.AnswerMalformed(),
            };
        }
        catch (JsonException)
        {
            return new SyncFailures.AnswerMalformed();
        }
    }

    private static ImmutableArray<MirroredItem> News(StreamPage read, IReadOnlyDictionary<string, MirroredItem> before) =>
        [.. read.Present.Where(item => !(before.GetValueOrDefault(Whole) is { } known && item with { Generation = known.Generation } == known))];

    private Outcome<StreamPage> Read(ProviderAnswer labels, ProviderAnswer sendAs)
    {
        if (JsonSerializer.Deserialize<LabelList>(labels.Body.Span, Json) is not { Labels: { } named }
            || JsonSerializer.Deserialize<SendAsList>(sendAs.Body.Span, Json) is not { SendAs: { } own })
        {
            return new SyncFailures.AnswerMalformed();
        }

        var settings = new MailboxSettings(
            connection,
            Stream,
            Whole,
            [.. named.Take(Most).Select(static label => new MailLabel(label.Id, HeaderText.Decode(label.Name ?? label.Id), label.Type == "user"))],
            [.. own.Take(Most).SelectMany(Address)]);
        return new StreamPage([settings], []);
    }

    // Verified is what says so. The account's own address says nothing, and needs to say nothing.
    private static IEnumerable<SendAsAddress> Address(SendAs alias) =>
        EmailAddress.TryParse(alias.SendAsEmail, out var address)
            ?
            [
                new SendAsAddress(
                    address,
                    HeaderText.Decode(alias.DisplayName),
                    alias.IsPrimary || alias.VerificationStatus == "accepted",
                    alias.IsDefault),
            ]
            : [];

    private sealed record LabelList(IReadOnlyList<Label>? Labels);

    private sealed record Label([property: JsonRequired] string Id, string? Name, string? Type);

    private sealed record SendAsList(IReadOnlyList<SendAs>? SendAs);

    private sealed record SendAs(
        [property: JsonRequired] string SendAsEmail,
        string? DisplayName,
        string? VerificationStatus,
        bool IsPrimary = false,
        bool IsDefault = false);
}
