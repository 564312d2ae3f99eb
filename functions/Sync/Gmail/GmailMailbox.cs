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
/// One connected mailbox at Gmail: the calls that are made there, typed. Holds no token: each call asks for one, renews
/// it once when the provider says it ran out, and gives up then. Reads may be repeated at will. Writes are never
/// repeated here: a caller mints a new permit for a new try, after looking what the last one did.
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

    /// <summary>How many of the newest drafts, or sent messages, are looked through where the search may lag behind.</summary>
    private const int NewestLookedAt = 10;


    private static readonly EgressRequest AboutMailbox = new(GoogleServices.Gmail, GoogleServices.Profile);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true };

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

    /// <summary>An envelope, <see cref="GmailShapes.Message"/>. That it is not there is an answer.</summary>
    public async Task<Outcome<ProviderAnswer>> AskEnvelopeAsync(string messageId, CancellationToken cancellation)
    {
        var outcome = await AskAsync(Envelope(messageId), messageId, cancellation);
        return outcome.Failure is SyncFailures.Gone
            ? new ProviderAnswer(GoogleServices.GetMessage.Name, messageId, StatusCodes.Status404NotFound, ReadOnlyMemory<byte>.Empty)
            : outcome;
    }

    /// <summary>
    /// How a message is put together, <see cref="GmailParts.Message"/>: names, types and sizes of its parts, by a mask that no
    /// content passes. That it is not there is an answer.
    /// </summary>
    public async Task<Outcome<ProviderAnswer>> AskPartsAsync(string messageId, CancellationToken cancellation)
    {
        var outcome = await AskAsync(
            new EgressRequest(GoogleServices.Gmail, GoogleServices.ListParts)
            {
                PathArguments = [messageId],
                Query = [new("format", "full"), new("fields", GmailParts.Fields)],
            },
            messageId,
            cancellation);
        return outcome.Failure is SyncFailures.Gone
            ? new ProviderAnswer(GoogleServices.ListParts.Name, messageId, StatusCodes.Status404NotFound, ReadOnlyMemory<byte>.Empty)
            : outcome;
    }

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
        var outcome = await AnswerAsync(new EgressRequest(GoogleServices.Gmail, GoogleServices.StopWatch), cancellation);
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
        var outcome = await AnswerAsync(
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
        var outcome = await AnswerAsync(request, cancellation);
        if (!outcome.Try(out var answer, out var why))
        {
            return why;
        }

        return Read<T>(answer.Body);
    }

    private async Task<Outcome<ProviderAnswer>> AskAsync(
        EgressRequest request, string? argument, CancellationToken cancellation) =>
        (await AnswerAsync(request, cancellation)).Then(answer => new ProviderAnswer(
            request.Operation.Name, argument, (int)answer.Status, answer.Body, answer.Date));

    private static EgressRequest Envelope(string messageId) => new(GoogleServices.Gmail, GoogleServices.GetMessage)
    {
        PathArguments = [messageId],
        Query = EnvelopeQuery,
    };

    private async Task<Outcome<EgressAnswer>> AnswerAsync(EgressRequest request, CancellationToken cancellation)
    {
        var access = await tokens.CurrentAsync(cancellation);
        if (!access.Try(out var token, out var why))
        {
            return why;
        }

        var outcome = await OnceAsync(request with { Bearer = token }, cancellation);
        if (outcome.Failure is not SyncFailures.AccessExpired)
        {
            return outcome;
        }

        var renewed = await tokens.RenewAsync(token, cancellation);
        if (!renewed.Try(out var fresh, out why))
        {
            return why;
        }

        // A write is not repeated here; but the caller's next try finds a token that works.
        return request.Operation.Effect == Effect.Write
            ? outcome
            : await OnceAsync(request with { Bearer = fresh }, cancellation);
    }

    private async Task<Outcome<EgressAnswer>> OnceAsync(EgressRequest request, CancellationToken cancellation)
    {
        var entered = await entrance.EnterAsync(GmailUnits.Of(request.Operation), cancellation);
        if (!entered.Try(out var lease, out var why))
        {
            return why;
        }

        using var underWay = lease;
        var outcome = await door.SendAsync(request, cancellation);
        if (!outcome.Try(out var answer, out why))
        {
            return why;
        }

        if (answer.IsSuccess)
        {
            return answer;
        }

        why = GmailErrors.Classify(answer, time.GetUtcNow());
        if (why is SyncFailures.RateLimited limited)
        {
            lease.Refused(limited.Wait);
        }

        return why;
    }
}
