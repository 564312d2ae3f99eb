using System.Buffers;
using System.IO.Pipelines;
using PracticPro.Access;
using PracticPro.Kernel;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Paddle;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams.Coverage;
using PracticPro.Sync.Webhooks;

namespace PracticPro.Sync;

/// <summary>This room's endpoints.</summary>
internal static class SyncFunctions
{
    private const string Connections = "/api/v1/connections";

    public static void MapSync(this IEndpointRouteBuilder routes)
    {
        routes.MapPost($"{Connections}/{{provider}}", StartAsync).RequirePermission(Permission.ManageConnections).Produces(StatusCodes.Status201Created);
        routes.MapGet("/api/v1/notices", NoticesAsync).RequirePermission(Permission.ReadConnections);
        routes.MapGet(Connections, ListAsync).RequirePermission(Permission.ReadConnections);
        routes.MapDelete($"{Connections}/{{id:connection}}", EndAsync).RequirePermission(Permission.ManageConnections).Produces(StatusCodes.Status202Accepted);
        routes.MapGet($"{Connections}/{{id:connection}}/coverage", CoverageAsync).RequirePermission(Permission.ReadConnections);
        routes.MapGet($"{Connections}/{{id:connection}}/senders", SendersAsync).RequirePermission(Permission.ReadConnections);

        // Names and subjects of people who write: for those who may read contacts, not for all who see that a mailbox is connected.
        routes.MapGet($"{Connections}/{{id:connection}}/waiting", WaitingAsync).RequirePermission(Permission.ReadContacts);
        routes.MapGet("/api/v1/contacts", ContactsAsync).RequirePermission(Permission.ReadContacts);
        routes.MapPost("/webhooks/{provider}", NotifiedAsync).Produces(StatusCodes.Status204NoContent)
            .AllowAnyone("A provider proves itself, by a signature or a channel's secret, before anything is read or looked up.");
        routes.MapPost("/webhooks/paddle", PaidAsync)
            .AllowAnyone("Paddle proves itself by a signature over the body's bytes, which is checked before they are read.");
    }

    private static async Task<Outcome<Started>> StartAsync(
        SignedIn by, string provider, StartConnection start, CancellationToken cancellation) =>
        Provider.TryParse(provider, out var known)
            ? (await start.RunAsync(by, known, cancellation)).Then(page => new Started(page))
            : new SyncFailures.NoSuchProvider();

    private static async Task<Outcome<NoticeList>> NoticesAsync(SignedIn by, ListNotices list, CancellationToken cancellation) =>
        new NoticeList([.. (await list.RunAsync(by.Tenant, cancellation)).Select(NoticeAnswer.Of)]);

    private static async Task<Outcome<ConnectionList>> ListAsync(SignedIn by, ListConnections list, CancellationToken cancellation) =>
        new ConnectionList([.. (await list.RunAsync(by.Tenant, cancellation)).Select(ConnectionAnswer.Of)]);

    private static Task<Outcome<Done>> EndAsync(SignedIn by, ConnectionId id, EndConnection end, CancellationToken cancellation) =>
        end.RunAsync(by, id, cancellation);

    private static async Task<Outcome<CoverageList>> CoverageAsync(
        SignedIn by, ConnectionId id, CoverageFacts facts, CancellationToken cancellation) =>
        (await facts.OfAsync(by.Tenant, id, cancellation)).Then(static streams => new CoverageList(streams));

    private static async Task<Outcome<SenderList>> SendersAsync(
        SignedIn by, ConnectionId id, IMailSender sender, CancellationToken cancellation) =>
        (await sender.StandingAsync(by.Tenant, id, cancellation)).Then(
            static known => new SenderList([.. known.Senders.Select(static address => address.Text)]));

    private static async Task<Outcome<Page<WaitingAnswer>>> WaitingAsync(
        SignedIn by,
        ConnectionId id,
        [AsParameters] PageQuery query,
        IMailSender sender,
        MailFacts facts,
        CancellationToken cancellation)
    {
        var standing = await sender.StandingAsync(by.Tenant, id, cancellation);
        if ((standing.Failure ?? query.Read().Failure) is { } why)
        {
            return why;
        }

        var paging = query.Read().Expect();
        var page = await facts.WaitingAsync(by.Tenant, id, paging.Limit, paging.After, cancellation);
        return page.Select(WaitingAnswer.Of);
    }

    private static async Task<Outcome<Page<KnownContact>>> ContactsAsync(
        SignedIn by, [AsParameters] PageQuery query, MailFacts facts, CancellationToken cancellation) =>
        query.Read().Try(out var paging, out var why)
            ? await facts.ContactsAsync(by.Tenant, paging.Limit, paging.After, cancellation)
            : why;

    /// <summary>The server has refused what is longer than any request may be.</summary>
    private static async Task<byte[]> BodyAsync(PipeReader reader, CancellationToken cancellation)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancellation);
            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static async Task<object> NotifiedAsync(
        HttpRequest request, string provider, ReceiveWebhook receive, CancellationToken cancellation)
    {
        if (!Provider.TryParse(provider, out var known))
        {
            return new Outcome<Done>(new SyncFailures.NoSuchProvider());
        }

        var outcome = await receive.RunAsync(
            known,
            new WebhookRequest(
                request.Headers.ToDictionary(
                    static pair => pair.Key, static pair => pair.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                request.Query.ToDictionary(static pair => pair.Key, static pair => pair.Value.ToString()),
                await BodyAsync(request.BodyReader, cancellation)),
            cancellation);
        return outcome.Try(out var answer, out _)
            ? answer.Text is { } text ? Results.Text(text, "text/plain", statusCode: answer.Status) : Results.StatusCode(answer.Status)
            : outcome;
    }

    private static async Task<Outcome<Acknowledged>> PaidAsync(
        HttpRequest request, ReceivePaddleNotification receive, CancellationToken cancellation)
    {
        var outcome = await receive.RunAsync(
            request.Headers[PaddleProof.Header].ToString(), await BodyAsync(request.BodyReader, cancellation), cancellation);
        return outcome.Then(static _ => new Acknowledged());
    }

    /// <summary>For senders that take 200 for an acknowledgement and nothing else.</summary>
    internal sealed record Acknowledged();

    internal sealed record Started(Uri AuthorizeUrl);

    internal sealed record NoticeList(IReadOnlyList<NoticeAnswer> Items);

    internal sealed record SenderList(IReadOnlyList<string> Items);

    internal sealed record CoverageList(IReadOnlyList<StreamCoverage> Items);

    internal sealed record ConnectionList(IReadOnlyList<ConnectionAnswer> Items);
}
