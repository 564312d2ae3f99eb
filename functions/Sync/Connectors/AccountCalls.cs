using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Budgets;
using PracticPro.Sync.Connections;

namespace PracticPro.Sync.Connectors;

/// <summary>
/// Calls to one connected account. Holds no token: each call asks for one, renews it once when the provider says it ran out,
/// and gives up then. Reads may be repeated at will. Writes are never repeated here: a caller mints a new permit for a new
/// try, after looking what the last one did.
/// </summary>
/// <param name="refusalIn">Why the provider did not do what it was asked; null where it did.</param>
internal sealed class AccountCalls(
    EgressDoor door, IAccessTokens tokens, CallEntrance entrance, Func<EgressAnswer, Failure?> refusalIn)
{
    /// <summary>The answer to a call, if it is no refusal.</summary>
    /// <param name="units">What the provider charges for it.</param>
    public Task<Outcome<EgressAnswer>> AnswerAsync(EgressRequest request, int units, CancellationToken cancellation) => WithTokenAsync(
        token => OnceAsync(request with { Bearer = token }, units, cancellation),
        isRepeatable: request.Operation.Effect != Effect.Write,
        cancellation);

    /// <summary>Makes a call with the account's token, and once more with a renewed one when the provider says it ran out.</summary>
    public async Task<Outcome<T>> WithTokenAsync<T>(
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

    /// <summary>Why an answer is none, told to the budget where the provider wants peace; null where it is one.</summary>
    public Failure? RefusalIn(EgressAnswer answer, CallLease lease)
    {
        var why = refusalIn(answer);
        if (why is SyncFailures.RateLimited limited)
        {
            lease.Refused(limited.Wait);
        }

        return why;
    }

    private async Task<Outcome<EgressAnswer>> OnceAsync(EgressRequest request, int units, CancellationToken cancellation)
    {
        var entered = await entrance.EnterAsync(units, cancellation);
        if (!entered.Try(out var lease, out var why))
        {
            return why;
        }

        using var underWay = lease;
        var outcome = await door.SendAsync(request, cancellation);
        return outcome.Try(out var answer, out _) && RefusalIn(answer, lease) is { } refused ? refused : outcome;
    }
}
