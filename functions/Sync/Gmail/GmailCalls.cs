using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Budgets;
using PracticPro.Sync.Connections;

namespace PracticPro.Sync.Gmail;

/// <summary>
/// Calls to one connected mailbox. Holds no token: each call asks for one, renews it once when the provider says it ran out,
/// and gives up then. Reads may be repeated at will. Writes are never repeated here: a caller mints a new permit for a new
/// try, after looking what the last one did.
/// </summary>
internal sealed class GmailCalls(EgressDoor door, IAccessTokens tokens, CallEntrance entrance, TimeProvider time)
{
    /// <summary>The answer to a call, if it is a success.</summary>
    public Task<Outcome<EgressAnswer>> AnswerAsync(EgressRequest request, CancellationToken cancellation) => WithTokenAsync(
        token => OnceAsync(request with { Bearer = token }, cancellation),
        isRepeatable: request.Operation.Effect != Effect.Write,
        cancellation);

    /// <summary>
    /// The answers to several reads in one exchange, in the order they are asked; null for what is not there. What is refused
    /// among them is asked again alone, so that its own call says why; what fails then fails the whole.
    /// </summary>
    public async Task<Outcome<IReadOnlyList<EgressAnswer?>>> AnswerTogetherAsync(
        IReadOnlyList<EgressRequest> reads, CancellationToken cancellation)
    {
        IReadOnlyList<EgressAnswer?> parts = new EgressAnswer?[reads.Count];
        if (reads.Count > 1
            && !(await WithTokenAsync(token => OnceTogetherAsync(reads, token, cancellation), isRepeatable: true, cancellation))
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

    private async Task<Outcome<T>> WithTokenAsync<T>(
        Func<SealedToken, Task<Outcome<T>>> call, bool isRepeatable, CancellationToken cancellation)
    {
        var access = await tokens.CurrentAsync(cancellation);
        if (!access.Try(out var token, out var why))
        {
            return why;
        }

        var outcome = await call(token);
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
        return isRepeatable ? await call(fresh) : outcome;
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

        return answer.IsSuccess ? answer : Refusal(answer, lease);
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

        if (!answer.Outer.IsSuccess)
        {
            // That there is no such address says nothing of a message.
            why = Refusal(answer.Outer, lease);
            return why is SyncFailures.Gone ? new SyncFailures.ProviderRefused() : why;
        }

        var refusals = answer.Parts
            .Where(static part => !part.IsSuccess && !IsGone(part))
            .Select(part => Refusal(part, lease))
            .ToList();
        return refusals.Count == reads.Count && refusals.TrueForAll(static one => one is SyncFailures.AccessExpired)
            ? new SyncFailures.AccessExpired()
            : new Outcome<IReadOnlyList<EgressAnswer?>>(answer.Parts);
    }

    private static bool IsGone(EgressAnswer part) => (int)part.Status == StatusCodes.Status404NotFound;

    private Failure Refusal(EgressAnswer answer, CallLease lease)
    {
        var why = GmailErrors.Classify(answer, time.GetUtcNow());
        if (why is SyncFailures.RateLimited limited)
        {
            lease.Refused(limited.Wait);
        }

        return why;
    }
}
