using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Budgets;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Mailbox;
using PracticPro.Sync.Streams;

namespace PracticPro.Sync.Gmail;

/// <summary>
/// A mailbox at Gmail as one stream: everything in it, spam and trash too, but no drafts. Points are history ids. Envelopes are
/// fetched in batches, few at a time; where only labels changed, the change itself says the new ones.
/// Source: Gmail API guide "Synchronizing clients"; users.history (2026-05-01).
/// </summary>
/// <param name="open">Opens the mailbox for calls in that hurry.</param>
internal sealed class GmailStream(Connection connection, Func<CallPriority, GmailMailbox> open, SyncOptions options) : IStreamSource
{
    private const string Draft = "DRAFT";

    public IMirror Mirror => MailMirror.Instance;

    public Task<Outcome<ProviderAnswers>> FetchAsync(
        StreamRequest request, Func<string, ValueTask<MirroredItem?>> known, CancellationToken cancellation) => request switch
    {
        StreamRequest.Begin => AloneAsync(open(CallPriority.Following).AskProfileAsync(cancellation)),
        StreamRequest.Read read => ListAsync(open(CallPriority.Backfill), read, cancellation),
        StreamRequest.Follow follow => FollowAsync(open(CallPriority.Following), follow, known, cancellation),
        StreamRequest.Ask ask => EnvelopesAsync(open(CallPriority.Backfill), [], [.. ask.Items], cancellation),
        _ => throw new InvalidOperationException("An unknown request."),
    };

    public ImmutableArray<string> Needs(StreamRequest request, ProviderAnswers answers) =>
        request is StreamRequest.Follow && GmailMailbox.Read<GmailShapes.HistoryList>(answers.Each[0].Body).Try(out var page, out _)
            ? [.. HistoryDigest.Of(page.History ?? []).Touched.Keys.Except(answers.Each.Skip(1).Select(static one => one.Argument!))]
            : [];

    public Outcome<StreamPage> Reduce(
        StreamRequest request, ProviderAnswers answers, IReadOnlyDictionary<string, MirroredItem> before) => request switch
    {
        StreamRequest.Begin => GmailMailbox.Read<GmailShapes.Profile>(answers.Each[0].Body)
            .Then(static profile => StreamPage.Empty with { NextPoint = profile.HistoryId, Total = profile.MessagesTotal }),
        StreamRequest.Read => ReduceList(answers),
        StreamRequest.Follow follow => ReduceHistory(follow, answers, before),
        _ => ReduceEnvelopes(answers.Each),
    };

    private static async Task<Outcome<ProviderAnswers>> AloneAsync(Task<Outcome<ProviderAnswer>> asking) =>
        (await asking).Then(static answer => new ProviderAnswers([answer]));

    private async Task<Outcome<ProviderAnswers>> ListAsync(
        GmailMailbox mailbox, StreamRequest.Read read, CancellationToken cancellation)
    {
        var listing = await mailbox.AskListAsync(read.Page, options.PageSize, cancellation);
        if (listing.Failure is SyncFailures.ProviderRefused && read.Page is not null)
        {
            // Page tokens are not for ever.
            return new SyncFailures.CursorExpired();
        }

        if (!listing.Try(out var answer, out var why)
            || !GmailMailbox.Read<GmailShapes.MessageList>(answer.Body).Try(out var page, out why))
        {
            return why;
        }

        return await EnvelopesAsync(mailbox, [answer], [.. (page.Messages ?? []).Select(static message => message.Id).Distinct()], cancellation);
    }

    private async Task<Outcome<ProviderAnswers>> FollowAsync(
        GmailMailbox mailbox, StreamRequest.Follow follow, Func<string, ValueTask<MirroredItem?>> known, CancellationToken cancellation)
    {
        var history = await mailbox.AskHistoryAsync(follow.Point, follow.Page, cancellation);
        if (history.Failure is SyncFailures.ProviderRefused)
        {
            // An id, or a page token, that the provider calls malformed will never be good again.
            return new SyncFailures.CursorExpired();
        }

        if (!history.Try(out var answer, out var why)
            || !GmailMailbox.Read<GmailShapes.HistoryList>(answer.Body).Try(out var page, out why))
        {
            return why;
        }

        var unknown = new List<string>();
        foreach (var (id, labels) in HistoryDigest.Of(page.History ?? []).Touched)
        {
            if (labels is not { } now || now.Contains(Draft) || await known(id) is null)
            {
                unknown.Add(id);
            }
        }

        return await EnvelopesAsync(mailbox, [answer], unknown, cancellation);
    }

    /// <summary>
    /// The envelopes of some messages behind other answers, and behind those how the messages are put together that can have
    /// attachments. A message that is gone meanwhile is an answer; any other failure fails the whole, so that a page is either
    /// fully known or asked for again.
    /// </summary>
    private async Task<Outcome<ProviderAnswers>> EnvelopesAsync(
        GmailMailbox mailbox, ImmutableArray<ProviderAnswer> first, List<string> ids, CancellationToken cancellation)
    {
        var size = mailbox.MostTogether(options.BatchSize);
        var batches = ids.Chunk(size).ToList();
        var fetched = new Outcome<Envelopes>?[batches.Count];
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = Math.Clamp(ProviderBudgets.MostAtGmail / size, 1, options.ParallelReads),
            CancellationToken = stop.Token,
        };
        try
        {
            await Parallel.ForAsync(0, batches.Count, parallel, async (at, token) =>
            {
                var outcome = await AskAsync(mailbox, batches[at], token);
                fetched[at] = outcome;
                if (outcome.Failure is not null)
                {
                    // The rest would only spend quota: the page is asked for again anyway.
                    await stop.CancelAsync();
                }
            });
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Stopped by a failure below.
        }

        if (fetched.FirstOrDefault(static one => one?.Failure is not null)?.Failure is { } failure)
        {
            return failure;
        }

        var all = fetched.Select(static one => one!.Value.Expect()).ToList();
        return new ProviderAnswers(
            [.. first, .. all.SelectMany(static one => one.Each), .. all.SelectMany(static one => one.Parts)]);
    }

    private static async Task<Outcome<Envelopes>> AskAsync(GmailMailbox mailbox, string[] ids, CancellationToken cancellation)
    {
        if (!(await mailbox.AskEnvelopesAsync(ids, cancellation)).Try(out var envelopes, out var why))
        {
            return why;
        }

        var mayHold = envelopes.Where(MayHoldAttachments).Select(static one => one.Argument!).ToList();
        if (mayHold.Count == 0)
        {
            return new Envelopes(envelopes, []);
        }

        return (await mailbox.AskPartsAsync(mayHold, cancellation)).Then(parts => new Envelopes(envelopes, parts));
    }

    private static bool MayHoldAttachments(ProviderAnswer envelope) =>
        envelope.Status != (int)HttpStatusCode.NotFound
        && MessageType.TryRead(envelope.Body.Span, out var type)
        && GmailParts.MayHold(type);

    /// <summary>What is attached to which message. One whose parts are gone by now has none; it goes with the next step.</summary>
    private static Outcome<Dictionary<string, ImmutableArray<MailAttachment>>> Attached(ImmutableArray<ProviderAnswer> answers)
    {
        Dictionary<string, ImmutableArray<MailAttachment>> attached = new(StringComparer.Ordinal);
        foreach (var answer in answers.Where(static one => IsParts(one) && one.Status != (int)HttpStatusCode.NotFound))
        {
            if (!GmailMailbox.Read<GmailParts.Message>(answer.Body).Try(out var message, out var why))
            {
                return why;
            }

            attached[message.Id] = GmailParts.AttachmentsOf(message);
        }

        return attached;
    }

    private static bool IsParts(ProviderAnswer answer) => answer.Operation == GoogleServices.ListParts.Name;

    private Outcome<StreamPage> ReduceList(ProviderAnswers answers)
    {
        if (!GmailMailbox.Read<GmailShapes.MessageList>(answers.Each[0].Body).Try(out var list, out var why)
            || !ReduceEnvelopes(answers.Each[1..]).Try(out var page, out why))
        {
            return why;
        }

        return page with { NextPage = list.NextPageToken };
    }

    private Outcome<StreamPage> ReduceHistory(
        StreamRequest.Follow follow, ProviderAnswers answers, IReadOnlyDictionary<string, MirroredItem> before)
    {
        if (!GmailMailbox.Read<GmailShapes.HistoryList>(answers.Each[0].Body).Try(out var history, out var why)
            || !ReduceEnvelopes(answers.Each[1..]).Try(out var fetched, out why))
        {
            return why;
        }

        var (touched, gone) = HistoryDigest.Of(history.History ?? []);
        var asked = answers.Each[1..].Select(static one => one.Argument).ToHashSet(StringComparer.Ordinal);
        var relabelled = ImmutableArray.CreateBuilder<MirroredItem>();
        foreach (var (id, labels) in touched.Where(one => !asked.Contains(one.Key)))
        {
            if (labels is not { } now || !before.TryGetValue(id, out var stored))
            {
                return new SyncFailures.AnswerMalformed();
            }

            relabelled.Add((MailMessage)stored with { Labels = now });
        }

        return new StreamPage(
            [.. relabelled.OrderBy(static item => item.SourceId, StringComparer.Ordinal), .. fetched.Present],
            [.. gone.Union(fetched.Gone).Order(StringComparer.Ordinal)],
            history.NextPageToken,
            history.NextPageToken is null ? Later(follow.Point, history.HistoryId) : null);
    }

    private Outcome<StreamPage> ReduceEnvelopes(ImmutableArray<ProviderAnswer> answers)
    {
        var present = ImmutableArray.CreateBuilder<MirroredItem>(answers.Length);
        var gone = ImmutableArray.CreateBuilder<string>();
        if (!Attached(answers).Try(out var attached, out var unread))
        {
            return unread;
        }

        foreach (var answer in answers.Where(static one => !IsParts(one)))
        {
            if (answer.Status == (int)HttpStatusCode.NotFound)
            {
                gone.Add(answer.Argument!);
            }
            else if (!GmailMailbox.Read<GmailShapes.Message>(answer.Body).Try(out var message, out var why))
            {
                return why;
            }
            else if (message.LabelIds?.Contains(Draft) == true)
            {
                // An unfinished message of the practice's own is nobody's mail yet.
                gone.Add(answer.Argument!);
            }
            else
            {
                present.Add(EnvelopeReader.Read(connection.Id, connection.Mailbox, message) with
                {
                    Attachments = attached.GetValueOrDefault(message.Id, []),
                });
            }
        }

        return new StreamPage(present.ToImmutable(), gone.ToImmutable());
    }

    // History ids are unsigned 64-bit numbers in text. A provider that answers with an older one must not take us back.
    private static string Later(string known, string answered) =>
        ulong.TryParse(answered, NumberStyles.None, CultureInfo.InvariantCulture, out var to)
        && (!ulong.TryParse(known, NumberStyles.None, CultureInfo.InvariantCulture, out var from) || to > from)
            ? answered
            : known;

    /// <summary>What one batch came to.</summary>
    /// <param name="Parts">How those are put together that can have attachments.</param>
    private sealed record Envelopes(ImmutableArray<ProviderAnswer> Each, ImmutableArray<ProviderAnswer> Parts);
}
