using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Budgets;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Streams;

namespace PracticPro.Sync.Outlook;

/// <summary>
/// One connected Outlook account: the calls that are made there; how they are made is <see cref="AccountCalls"/>. Every call asks
/// for immutable ids: an ordinary one is another after each move. A write is never repeated here.
/// </summary>
internal sealed class OutlookAccount(EgressDoor door, IAccessTokens tokens, CallEntrance entrance)
{
    /// <summary>What a page of changes must say: who it is, and what can change about it.</summary>
    private const string ListedFields = "id,isRead,isDraft,flag,parentFolderId";

    /// <summary>The envelope. Neither body nor preview is ever selected (SYNC-2).</summary>
    private const string EnvelopeFields =
        "id,conversationId,internetMessageId,subject,receivedDateTime,from,replyTo,toRecipients,ccRecipients,isRead,isDraft,"
        + "flag,parentFolderId,internetMessageHeaders";

    /// <summary>Reads made at the same time; one of the four that Outlook allows is left to whoever is in more hurry.</summary>
    public const int AtOnce = 3;

    private const int MessagesAPage = 100;
    private const int EventsAPage = 100;
    private const int FoldersAPage = 200;
    private const int TasksAPage = 100;

    private readonly AccountCalls calls = new(
        door, tokens, entrance, static answer => answer.IsSuccess ? null : OutlookErrors.Classify(answer));

    public Task<Outcome<EgressAnswer>> MeAsync(CancellationToken cancellation) =>
        AskAsync(Request(MicrosoftServices.Me) with { Query = [new("$select", "id,mail,userPrincipalName")] }, cancellation);

    /// <param name="name">A folder's id or a well-known name.</param>
    public Task<Outcome<EgressAnswer>> FolderAsync(string name, CancellationToken cancellation) =>
        AskAsync(Request(MicrosoftServices.GetFolder) with { PathArguments = [name], Query = [new("$select", "id")] }, cancellation);

    public Task<Outcome<EgressAnswer>> FoldersAsync(string? query, CancellationToken cancellation) =>
        AskAsync(
            Paged(MicrosoftServices.ListFolders, FoldersAPage) with { Query = query is null ? [] : GraphReading.Parameters(query) },
            cancellation);

    /// <summary>A page of a folder's messages, or of what changed there since.</summary>
    public Task<Outcome<EgressAnswer>> MessagesAsync(string folder, string? query, CancellationToken cancellation) =>
        AskAsync(
            Paged(MicrosoftServices.ListMessages, MessagesAPage) with
            {
                PathArguments = [folder],
                Query = query is null ? [new("$select", ListedFields)] : GraphReading.Parameters(query),
            },
            cancellation);

    public Task<Outcome<ProviderAnswer>> MessageAsync(string messageId, CancellationToken cancellation) =>
        AskAboutAsync(
            Request(MicrosoftServices.GetMessage) with { PathArguments = [messageId], Query = [new("$select", EnvelopeFields)] },
            messageId,
            cancellation);

    /// <summary>What was sent under this Message-ID, as the provider's filter knows it.</summary>
    public Task<Outcome<EgressAnswer>> SentAsync(string rfc822MessageId, CancellationToken cancellation) =>
        AskAsync(
            Request(MicrosoftServices.ListSent) with
            {
                Query =
                [
                    new("$select", "id,internetMessageId"),
                    new("$filter", $"internetMessageId eq '<{rfc822MessageId.Replace("'", "''", StringComparison.Ordinal)}>'"),
                ],
            },
            cancellation);

    /// <summary>The last letters sent, found or not: the filter may lag behind.</summary>
    public Task<Outcome<EgressAnswer>> LastSentAsync(CancellationToken cancellation) =>
        AskAsync(
            Request(MicrosoftServices.ListSent) with
            {
                Query = [new("$select", "id,internetMessageId"), new("$top", "10"), new("$orderby", "receivedDateTime desc")],
            },
            cancellation);

    /// <summary>A page of the calendar within a window that the query carries, or of what changed in it since.</summary>
    public Task<Outcome<EgressAnswer>> EventsAsync(
        ImmutableArray<KeyValuePair<string, string>> query, CancellationToken cancellation) =>
        AskAsync(Paged(MicrosoftServices.ListEvents, EventsAPage) with { Query = query }, cancellation);

    public Task<Outcome<ProviderAnswer>> EventAsync(string eventId, CancellationToken cancellation) =>
        AskAboutAsync(Request(MicrosoftServices.GetEvent) with { PathArguments = [eventId] }, eventId, cancellation);

    /// <summary>One event as a person is shown it before it is changed: with what is written in it, as plain text.</summary>
    public Task<Outcome<EgressAnswer>> ShowEventAsync(string eventId, CancellationToken cancellation) =>
        AskAsync(Worded(MicrosoftServices.GetEvent) with { PathArguments = [eventId] }, cancellation);

    /// <summary>Everything that takes place between two instants, with what is written in it.</summary>
    public Task<Outcome<EgressAnswer>> ShowEventsAsync(
        ImmutableArray<KeyValuePair<string, string>> query, CancellationToken cancellation) =>
        AskAsync(Worded(MicrosoftServices.ViewEvents) with { Query = query }, cancellation);

    public Task<Outcome<EgressAnswer>> TaskListsAsync(string? query, CancellationToken cancellation) =>
        AskAsync(
            Paged(MicrosoftServices.ListTaskLists, TasksAPage) with { Query = query is null ? [] : GraphReading.Parameters(query) },
            cancellation);

    public Task<Outcome<EgressAnswer>> TasksAsync(string list, string? query, CancellationToken cancellation) =>
        AskAsync(
            Paged(MicrosoftServices.ListTasks, TasksAPage) with
            {
                PathArguments = [list],
                Query = query is null ? [new("$expand", "linkedResources")] : GraphReading.Parameters(query),
            },
            cancellation);

    /// <summary>Orders, renews or ends a subscription.</summary>
    public Task<Outcome<EgressAnswer>> WatchAsync(
        ProviderOperation operation, string? subscription, ReadOnlyMemory<byte> body, CancellationToken cancellation) =>
        AskAsync(
            Request(operation) with { PathArguments = subscription is null ? [] : [subscription], Body = body }, cancellation);

    /// <summary>Makes the write once and tells the answer as it is, whatever its status.</summary>
    public async Task<Outcome<EgressAnswer>> WriteAsync(EgressRequest write, CancellationToken cancellation)
    {
        var access = await tokens.CurrentAsync(cancellation);
        if (!access.Try(out var token, out var why))
        {
            return why;
        }

        var entered = await entrance.EnterAsync(1, cancellation);
        if (!entered.Try(out var lease, out why))
        {
            return why;
        }

        using var underWay = lease;
        var outcome = await door.SendAsync(write with { Bearer = token }, cancellation);
        if (outcome.Try(out var answer, out _) && answer.Status == HttpStatusCode.Unauthorized)
        {
            // Not repeated here; but the caller's next try finds a token that works.
            await tokens.RenewAsync(token, cancellation);
        }

        return outcome;
    }

    private static EgressRequest Request(ProviderOperation operation) =>
        new(MicrosoftServices.Graph, operation) { Headers = Immutable() };

    private static EgressRequest Paged(ProviderOperation operation, int size) =>
        new(MicrosoftServices.Graph, operation)
        {
            Headers = Immutable(string.Create(CultureInfo.InvariantCulture, $", odata.maxpagesize={size}")),
        };

    private static EgressRequest Worded(ProviderOperation operation) =>
        new(MicrosoftServices.Graph, operation) { Headers = Immutable(", outlook.body-content-type=\"text\"") };

    internal static ImmutableArray<KeyValuePair<string, string>> Immutable(string also = "") =>
        [new("Prefer", $"IdType=\"ImmutableId\"{also}")];

    /// <summary>That a thing is not there is an answer, too.</summary>
    private async Task<Outcome<ProviderAnswer>> AskAboutAsync(
        EgressRequest request, string item, CancellationToken cancellation)
    {
        var outcome = await AskAsync(request, cancellation);
        if (outcome.Failure is SyncFailures.Gone)
        {
            return new ProviderAnswer(request.Operation.Name, item, (int)HttpStatusCode.NotFound, default);
        }

        return outcome.Try(out var answer, out var why)
            ? new ProviderAnswer(request.Operation.Name, item, (int)answer.Status, answer.Body, answer.Date)
            : why;
    }

    private Task<Outcome<EgressAnswer>> AskAsync(EgressRequest request, CancellationToken cancellation) =>
        calls.AnswerAsync(request, units: 1, cancellation);
}
