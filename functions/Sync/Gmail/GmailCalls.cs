using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Budgets;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Connectors;

namespace PracticPro.Sync.Gmail;

/// <summary>Calls to one connected mailbox, alone or several in one exchange, and what they cost.</summary>
internal sealed class GmailCalls(EgressDoor door, IAccessTokens tokens, CallEntrance entrance, TimeProvider time)
{
    private readonly AccountCalls calls = new(
        door, tokens, entrance, answer => answer.IsSuccess ? null : GmailErrors.Classify(answer, time.GetUtcNow()));

    /// <summary>The answer to a call, if it is a success.</summary>
    public Task<Outcome<EgressAnswer>> AnswerAsync(EgressRequest request, CancellationToken cancellation) =>
        calls.AnswerAsync(request, GmailUnits.Of(request.Operation), cancellation);

    /// <summary>
    /// The answers to several reads in one exchange, in the order they are asked; null for what is not there. What is refused
    /// among them is asked again alone, so that its own call says why; what fails then fails the whole.
    /// </summary>
    public async Task<Outcome<IReadOnlyList<EgressAnswer?>>> AnswerTogetherAsync(
        IReadOnlyList<EgressRequest> reads, CancellationToken cancellation)
    {
        IReadOnlyList<EgressAnswer?> parts = new EgressAnswer?[reads.Count];
        if (reads.Count > 1
            && !(await calls.WithTokenAsync(token => OnceTogetherAsync(reads, token, cancellation), isRepeatable: true, cancellation))
                .Try(out parts!, out var why))
        {
            return why;
        }

        var answers = new EgressAnswer?[reads.Count];
        for (var at = 0; at < answers.Length; at++)
        {
            if (parts[at] is { } part && (part.IsSuccess || IsGone(part)))
            {
                answers[at] = part.IsSuccess ? part : null;
                continue;
            }

            var alone = await AnswerAsync(reads[at], cancellation);
            if (!alone.Try(out answers[at], out why) && why is not SyncFailures.Gone)
            {
                return why;
            }
        }

        return answers;
    }

    private async Task<Outcome<IReadOnlyList<EgressAnswer?>>> OnceTogetherAsync(
        IReadOnlyList<EgressRequest> reads, SealedToken token, CancellationToken cancellation)
    {
        var units = reads.Sum(static read => GmailUnits.Of(read.Operation));
        var entered = await entrance.EnterTogetherAsync(units, reads.Count, cancellation);
        if (!entered.Try(out var lease, out var why))
        {
            return why;
        }

        using var underWay = lease;
        var outcome = await door.SendBatchAsync(GoogleServices.Batch, reads, token, cancellation);
        if (!outcome.Try(out var answer, out why))
        {
            return why;
        }

        if (calls.RefusalIn(answer.Outer, lease) is { } refused)
        {
            // That there is no such address says nothing of a message.
            return refused is SyncFailures.Gone ? new SyncFailures.ProviderRefused() : refused;
        }

        var refusals = answer.Parts
            .Where(static part => !IsGone(part))
            .Select(part => calls.RefusalIn(part, lease))
            .OfType<Failure>()
            .ToList();
        return refusals.Count == reads.Count && refusals.TrueForAll(static one => one is SyncFailures.AccessExpired)
            ? new SyncFailures.AccessExpired()
            : new Outcome<IReadOnlyList<EgressAnswer?>>(answer.Parts);
    }

    private static bool IsGone(EgressAnswer part) => (int)part.Status == StatusCodes.Status404NotFound;
}
