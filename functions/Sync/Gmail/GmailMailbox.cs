using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Budgets;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Streams;

namespace PracticPro.Sync.Gmail;

/// <summary>
/// One connected mailbox at Gmail: the calls that are made there, typed; how they are made is <see cref="GmailCalls"/>.
/// </summary>
internal sealed class GmailMailbox(
    EgressDoor door, IAccessTokens tokens, CallEntrance entrance, TimeProvider time)
{
    /// <summary>Envelope fields only: no snippet, no body ever crosses the wire (SYNC-2).</summary>
    private const string EnvelopeFields = "id,threadId,labelIds,historyId,internalDate,sizeEstimate,payload(mimeType,headers)";

    private static readonly string[] EnvelopeHeaders =
    [
        "From", "To", "Cc", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Reply-To",
        "List-Id", "List-Unsubscribe", "Precedence", "Auto-Submitted",
    ];

    /// <summary>What an envelope is asked with.</summary>
    public static readonly ImmutableArray<KeyValuePair<string, string>> EnvelopeQuery =
    [
        new("format", "metadata"),
        new("fields", EnvelopeFields),
        .. EnvelopeHeaders.Select(static name => KeyValuePair.Create("metadataHeaders", name)),
    ];

    private static readonly ImmutableArray<KeyValuePair<string, string>> PartsQuery =
        [new("format", "full"), new("fields", GmailParts.Fields)];

    /// <summary>How many of the newest drafts, or sent messages, are looked through where the search may lag behind.</summary>
    private const int NewestLookedAt = 10;

    private static readonly EgressRequest AboutMailbox = new(GoogleServices.Gmail, GoogleServices.Profile);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true };

    private readonly GmailCalls calls = new(door, tokens, entrance, time);

    public Task<Outcome<GmailShapes.Profile>> ProfileAsync(CancellationToken cancellation) =>
        CallAsync<GmailShapes.Profile>(AboutMailbox, cancellation);

    public Task<Outcome<GmailShapes.Message>> EnvelopeAsync(string messageId, CancellationToken cancellation) =>
        CallAsync<GmailShapes.Message>(Envelope(messageId), cancellation);

    /// <summary>The profile as it comes: <see cref="GmailShapes.Profile"/>.</summary>
    public Task<Outcome<ProviderAnswer>> AskProfileAsync(CancellationToken cancellation) =>
        AskAsync(AboutMailbox, null, cancellation);

    /// <summary>
    /// A page of ids, <see cref="GmailShapes.MessageList"/>, newest first. Spam and trash are listed too: a message there is
    /// still a message.
    /// </summary>
    public Task<Outcome<ProviderAnswer>> AskListAsync(string? pageToken, int size, CancellationToken cancellation) =>
        AskAsync(
            new EgressRequest(GoogleServices.Gmail, GoogleServices.ListMessages)
            {
                Query = [new("maxResults", size.ToString(CultureInfo.InvariantCulture)), new("includeSpamTrash", "true"), .. Page(pageToken)],
            },
            null,
            cancellation);

    /// <summary>How many messages may be asked about together now, of so many.</summary>
    public int MostTogether(int wanted) => entrance.Most(GmailUnits.Of(GoogleServices.GetMessage), wanted);

    /// <summary>Envelopes, <see cref="GmailShapes.Message"/>, in one exchange. That one is not there is an answer.</summary>
    /// <param name="messageIds">At most <see cref="MostTogether"/>.</param>
    public Task<Outcome<ImmutableArray<ProviderAnswer>>> AskEnvelopesAsync(
        IReadOnlyList<string> messageIds, CancellationToken cancellation) =>
        AskTogetherAsync([.. messageIds.Select(Envelope)], cancellation);

    /// <summary>
    /// How messages are put together, <see cref="GmailParts.Message"/>: names, types and sizes of their parts, by a mask that no
    /// content passes. That one is not there is an answer.
    /// </summary>
    /// <inheritdoc cref="AskEnvelopesAsync"/>
    public Task<Outcome<ImmutableArray<ProviderAnswer>>> AskPartsAsync(
        IReadOnlyList<string> messageIds, CancellationToken cancellation) =>
        AskTogetherAsync([.. messageIds.Select(Parts)], cancellation);

    /// <summary>The mailbox's labels, with the names their owner gave them.</summary>
    public Task<Outcome<ProviderAnswer>> AskLabelsAsync(CancellationToken cancellation) =>
        AskAsync(
            new EgressRequest(GoogleServices.Gmail, GoogleServices.ListLabels) { Query = [new("fields", "labels(id,name,type)")] },
            null,
            cancellation);

    /// <summary>The addresses its owner writes from. Without the signatures: those are texts of the owner's.</summary>
    public Task<Outcome<ProviderAnswer>> AskSendAsAsync(CancellationToken cancellation) =>
        AskAsync(
            new EgressRequest(GoogleServices.Gmail, GoogleServices.ListSendAs)
            {
                Query = [new("fields", "sendAs(sendAsEmail,displayName,isPrimary,isDefault,verificationStatus)")],
            },
            null,
            cancellation);

    /// <summary>
    /// Changes strictly after <paramref name="startHistoryId"/>, <see cref="GmailShapes.HistoryList"/>, oldest first.
    /// </summary>
    public async Task<Outcome<ProviderAnswer>> AskHistoryAsync(
        string startHistoryId, string? pageToken, CancellationToken cancellation)
    {
        var outcome = await AskAsync(
            new EgressRequest(GoogleServices.Gmail, GoogleServices.ListHistory)
            {
                Query = [new("startHistoryId", startHistoryId), new("maxResults", "500"), .. Page(pageToken)],
            },
            null,
            cancellation);
        return outcome.Failure is SyncFailures.Gone ? new SyncFailures.CursorExpired() : outcome;
    }

    public Task<Outcome<GmailShapes.WatchAnswer>> WatchAsync(string topic, CancellationToken cancellation) =>
        CallAsync<GmailShapes.WatchAnswer>(
            new EgressRequest(GoogleServices.Gmail, GoogleServices.Watch)
            {
                Body = JsonSerializer.SerializeToUtf8Bytes(new { topicName = topic }, Json),
            },
            cancellation);

    public async Task<Outcome<Done>> StopWatchAsync(CancellationToken cancellation)
    {
        var outcome = await calls.AnswerAsync(new EgressRequest(GoogleServices.Gmail, GoogleServices.StopWatch), cancellation);
        return outcome.Try(out _, out var why) ? Done.Value : why;
    }

    /// <summary>The drafts with this Message-ID, as the search knows them; with null the newest ones, search or not.</summary>
    public async Task<Outcome<IReadOnlyList<GmailShapes.Draft>>> DraftsAsync(
        string? rfc822MessageId, CancellationToken cancellation)
    {
        var outcome = await CallAsync<GmailShapes.DraftList>(
            new EgressRequest(GoogleServices.Gmail, GoogleServices.ListDrafts) { Query = Narrowed(rfc822MessageId) }, cancellation);
        return outcome.Try(out var list, out var why)
            ? new Outcome<IReadOnlyList<GmailShapes.Draft>>(list.Drafts ?? [])
            : why;
    }

    /// <summary>The same among what was sent.</summary>
    public async Task<Outcome<IReadOnlyList<GmailShapes.MessageReference>>> SentAsync(
        string? rfc822MessageId, CancellationToken cancellation)
    {
        var outcome = await CallAsync<GmailShapes.MessageList>(
            new EgressRequest(GoogleServices.Gmail, GoogleServices.ListMessages)
            {
                Query = [.. Narrowed(rfc822MessageId), new("labelIds", "SENT"), new("includeSpamTrash", "true")],
            },
            cancellation);
        return outcome.Try(out var list, out var why)
            ? new Outcome<IReadOnlyList<GmailShapes.MessageReference>>(list.Messages ?? [])
            : why;
    }

    /// <summary>True while the draft is there: a draft that was sent is gone.</summary>
    public async Task<Outcome<bool>> HasDraftAsync(string draftId, CancellationToken cancellation)
    {
        var outcome = await calls.AnswerAsync(
            new EgressRequest(GoogleServices.Gmail, GoogleServices.GetDraft) { PathArguments = [draftId], Query = [new("format", "minimal")] },
            cancellation);
        return outcome.Failure switch
        {
            null => true,
            SyncFailures.Gone => false,
            { } why => why,
        };
    }

    public Task<Outcome<GmailShapes.Draft>> CreateDraftAsync(
        SendPermit permit, ReadOnlyMemory<byte> mime, string? threadId, CancellationToken cancellation) =>
        CallAsync<GmailShapes.Draft>(
            new EgressRequest(GoogleServices.Gmail, GoogleServices.CreateDraft)
            {
                Permit = permit,
                Body = JsonSerializer.SerializeToUtf8Bytes(new { message = RawMessage(mime, threadId) }, Json),
            },
            cancellation);

    /// <summary>
    /// Sends the draft with exactly these bytes, whatever was done to the draft at the provider meanwhile.
    /// A draft can be sent once: after that its id is gone there.
    /// </summary>
    public Task<Outcome<GmailShapes.SentMessage>> SendDraftAsync(
        SendPermit permit, string draftId, ReadOnlyMemory<byte> mime, string? threadId, CancellationToken cancellation) =>
        CallAsync<GmailShapes.SentMessage>(
            new EgressRequest(GoogleServices.Gmail, GoogleServices.SendDraft)
            {
                Permit = permit,
                Body = JsonSerializer.SerializeToUtf8Bytes(
                    new { id = draftId, message = RawMessage(mime, threadId) }, Json),
            },
            cancellation);

    /// <summary>An answer's JSON in its shape; never a guess.</summary>
    public static Outcome<T> Read<T>(ReadOnlyMemory<byte> body)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(body.Span, Json) is { } value ? value : new SyncFailures.AnswerMalformed();
        }
        catch (JsonException)
        {
            return new SyncFailures.AnswerMalformed();
        }
    }

    private static Dictionary<string, string> RawMessage(ReadOnlyMemory<byte> mime, string? threadId)
    {
        var message = new Dictionary<string, string> { ["raw"] = Base64Url.EncodeToString(mime.Span) };
        if (threadId is not null)
        {
            // Without its thread named again, Gmail moves the draft to a new one.
            message["threadId"] = threadId;
        }

        return message;
    }

    private static ImmutableArray<KeyValuePair<string, string>> Narrowed(string? rfc822MessageId) => rfc822MessageId is null
        ? [new("maxResults", NewestLookedAt.ToString(CultureInfo.InvariantCulture))]
        : [new("q", $"rfc822msgid:{rfc822MessageId}")];

    private static KeyValuePair<string, string>[] Page(string? token) =>
        token is null ? [] : [new("pageToken", token)];

    private async Task<Outcome<T>> CallAsync<T>(EgressRequest request, CancellationToken cancellation)
        where T : class
    {
        var outcome = await calls.AnswerAsync(request, cancellation);
        if (!outcome.Try(out var answer, out var why))
        {
            return why;
        }

        return Read<T>(answer.Body);
    }

    private async Task<Outcome<ProviderAnswer>> AskAsync(
        EgressRequest request, string? argument, CancellationToken cancellation) =>
        (await calls.AnswerAsync(request, cancellation)).Then(answer => new ProviderAnswer(
            request.Operation.Name, argument, (int)answer.Status, answer.Body, answer.Date));

    private async Task<Outcome<ImmutableArray<ProviderAnswer>>> AskTogetherAsync(
        ImmutableArray<EgressRequest> reads, CancellationToken cancellation) =>
        (await calls.AnswerTogetherAsync(reads, cancellation)).Then(answers => ImmutableArray.CreateRange(
            reads.Zip(answers, static (read, answer) => answer is null
                ? new ProviderAnswer(
                    read.Operation.Name, read.PathArguments[0], StatusCodes.Status404NotFound, ReadOnlyMemory<byte>.Empty)
                : new ProviderAnswer(
                    read.Operation.Name, read.PathArguments[0], (int)answer.Status, answer.Body, answer.Date))));

    private static EgressRequest Envelope(string messageId) => new(GoogleServices.Gmail, GoogleServices.GetMessage)
    {
        PathArguments = [messageId],
        Query = EnvelopeQuery,
    };

    private static EgressRequest Parts(string messageId) => new(GoogleServices.Gmail, GoogleServices.ListParts)
    {
        PathArguments = [messageId],
        Query = PartsQuery,
    };
}
