using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using PracticPro.Sync.Published;
using PracticPro.Sync.Webhooks;

namespace PracticPro.Sync.QuickBooks;

/// <summary>
/// QuickBooks' notifications: proven over their bytes before anything in them is read, and told apart by company. Intuit takes
/// 200 for an acknowledgement and sends again after 20, 30 and 50 minutes.
/// </summary>
internal sealed class QuickBooksWebhook(SyncOptions options) : IWebhook
{
    public Provider Provider => QuickBooksConnector.Name;

    public Task<WebhookVerdict> ProveAsync(WebhookRequest request, CancellationToken cancellation) =>
        Task.FromResult(Prove(request));

    private WebhookVerdict Prove(WebhookRequest request)
    {
        var key = options.ClientOf(QuickBooksConnector.Name, isGoogle: false).WebhookKey;
        if (!IntuitProof.Holds(key, request.Body.Span, request.Headers.GetValueOrDefault(IntuitProof.Header)))
        {
            return new WebhookVerdict.Refused(new SyncFailures.PushUnproven());
        }

        return BookNotices.Read(request.Body) is { } notices
            ? new WebhookVerdict.Proven([.. notices.GroupBy(static notice => notice.Realm).SelectMany(company => Notes(request.Body, company))])
            {
                Status = StatusCodes.Status200OK,
            }
            : new WebhookVerdict.Refused(new SyncFailures.PushMalformed());
    }

    /// <summary>The first of a company's notes carries what was posted about that company, and no other's.</summary>
    private static IEnumerable<WebhookNote> Notes(ReadOnlyMemory<byte> body, IGrouping<Realm, BookNotice> company) =>
        company.Select((notice, at) => new WebhookNote(
            new NoteAddress.Account(company.Key.Text), notice.Event, at == 0 ? PartOf(body, company.Key) : default)
        {
            Stream = notice.Stream,
        });

    private static ReadOnlyMemory<byte> PartOf(ReadOnlyMemory<byte> body, Realm realm)
    {
        var posted = JsonNode.Parse(body.Span);
        var (all, name) = posted is JsonArray events ? (events, "intuitaccountid") : (posted!["eventNotifications"]!.AsArray(), "realmId");
        return JsonSerializer.SerializeToUtf8Bytes(
            all.Where(one => one is JsonObject told && told[name] is JsonValue value && value.TryGetValue(out string? text) && text == realm.Text)
                .ToImmutableArray());
    }
}
