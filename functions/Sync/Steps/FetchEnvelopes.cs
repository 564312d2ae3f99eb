using System.Collections.Immutable;
using PracticPro.Kernel;
using PracticPro.Sync.Gmail;
using PracticPro.Sync.Mailbox;

namespace PracticPro.Sync.Steps;

/// <summary>
/// Fetches the envelopes of some messages, several at a time. A message that is gone meanwhile is reported as gone, not
/// as a failure; any other failure fails the whole, so that a page is either fully known or read again.
/// </summary>
internal static class FetchEnvelopes
{
    public static async Task<Outcome<MailChanges>> RunAsync(
        StepScope step, IReadOnlyList<string> ids, int generation, int parallel, CancellationToken cancellation)
    {
        var fetched = new Outcome<GmailShapes.Message>?[ids.Count];
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var options = new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = stop.Token };
        try
        {
            await Parallel.ForAsync(0, ids.Count, options, async (at, token) =>
            {
                var outcome = await step.Mailbox.EnvelopeAsync(ids[at], token);
                fetched[at] = outcome;
                if (outcome.Failure is not null and not SyncFailures.Gone)
                {
                    // The rest would only spend quota: the page is read again anyway.
                    await stop.CancelAsync();
                }
            });
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Stopped by a failure below.
        }

        return Gather(step, ids, fetched, generation);
    }

    private static Outcome<MailChanges> Gather(
        StepScope step, IReadOnlyList<string> ids, Outcome<GmailShapes.Message>?[] fetched, int generation)
    {
        var present = ImmutableArray.CreateBuilder<MailMessage>(ids.Count);
        var gone = ImmutableArray.CreateBuilder<string>();
        var failure = fetched.FirstOrDefault(one => one?.Failure is not null and not SyncFailures.Gone)?.Failure;
        if (failure is not null)
        {
            return failure;
        }

        for (var at = 0; at < ids.Count; at++)
        {
            if (fetched[at]!.Value.Try(out var message, out _) && message.LabelIds?.Contains("DRAFT") != true)
            {
                present.Add(EnvelopeReader.Read(step.Connection.Id, step.Connection.Mailbox, message, generation));
            }
            else
            {
                // Gone, or a draft: an unfinished message of the practice's own is nobody's mail yet.
                gone.Add(ids[at]);
            }
        }

        return new MailChanges(present.ToImmutable(), gone.ToImmutable());
    }
}
