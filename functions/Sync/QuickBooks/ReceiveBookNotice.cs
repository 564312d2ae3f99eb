using PracticPro.Kernel;

namespace PracticPro.Sync.QuickBooks;

/// <summary>
/// Takes a notification of QuickBooks: proven over its bytes before anything in it is read, told apart by company, and durably
/// queued for each practice it concerns before it is acknowledged. It is a hint and nothing more: what changed is asked of the
/// books. One for a company nobody has connected is acknowledged and dropped.
/// </summary>
internal sealed class ReceiveBookNotice(NudgeCompany nudge, SyncOptions options, SyncMeter meter)
{
    /// <exception cref="Exception">The store or the keys cannot be used; Intuit sends it again after 20, 30 and 50 minutes.</exception>
    public async Task<Outcome<Done>> RunAsync(string? signature, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        var key = options.ClientOf(QuickBooksConnector.Name, isGoogle: false).WebhookKey;
        if (!IntuitProof.Holds(key, body.Span, signature))
        {
            meter.PushRefused("push-unproven");
            return new SyncFailures.PushUnproven();
        }

        if (BookNotices.Read(body) is not { } notices)
        {
            meter.PushRefused("push-malformed");
            return new SyncFailures.PushMalformed();
        }

        foreach (var company in notices.GroupBy(static notice => notice.Realm))
        {
            if (await nudge.RunAsync(company.Key, [.. company], cancellation))
            {
                meter.PushTaken();
            }
            else
            {
                meter.PushForNobody();
            }
        }

        return Done.Value;
    }
}
