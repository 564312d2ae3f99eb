using System.Collections.Immutable;
using System.Text.Json;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Budgets;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;

namespace PracticPro.Sync.QuickBooks;

/// <summary>
/// The books of one company: the calls that are made there. All of them read. Holds no token: each call asks for one, renews
/// it once when the provider says it ran out, and gives up then. Answers come back without what nothing here reads.
/// </summary>
/// <param name="account">Whose allowance the calls are charged to; null before the grant is kept.</param>
internal sealed class QuickBooksCompany(
    EgressDoor door,
    CallBudget calls,
    ProviderBudget budget,
    IAccessTokens tokens,
    ConnectionId? account,
    Realm realm,
    CallPriority priority)
{
    // Source: Intuit, "Minor versions": 1–74 were retired on 2025-08-01.
    private static readonly KeyValuePair<string, string> MinorVersion = new("minorversion", "75");

    // Without it everything comes as XML.
    private static readonly KeyValuePair<string, string> AsJson = new("Accept", "application/json");

    /// <summary>The same company, in such a hurry.</summary>
    public QuickBooksCompany In(CallPriority hurry) => new(door, calls, budget, tokens, account, realm, hurry);

    /// <summary>The company itself. Proves that the grant opens this one and no other.</summary>
    public Task<Outcome<ProviderAnswer>> CompanyAsync(CancellationToken cancellation) =>
        AnswerAsync(IntuitServices.Company, [realm.Text, realm.Text], [], argument: null, cancellation, trim: false);

    public Task<Outcome<ProviderAnswer>> QueryAsync(string query, CancellationToken cancellation) =>
        AnswerAsync(IntuitServices.Query, [realm.Text], [new("query", query)], argument: null, cancellation);

    /// <summary>Entities of one sort that changed since then, deleted ones among them.</summary>
    public Task<Outcome<ProviderAnswer>> ChangesAsync(string entity, string since, CancellationToken cancellation) =>
        AnswerAsync(
            IntuitServices.Changes, [realm.Text], [new("entities", entity), new("changedSince", since)], argument: null, cancellation);

    /// <summary>One entity. <see cref="SyncFailures.Gone"/> when there is none of that id.</summary>
    public Task<Outcome<ProviderAnswer>> ReadAsync(ProviderOperation read, string key, CancellationToken cancellation) =>
        AnswerAsync(read, [realm.Text, key], [], key, cancellation);

    private async Task<Outcome<ProviderAnswer>> AnswerAsync(
        ProviderOperation operation,
        ImmutableArray<string> path,
        ImmutableArray<KeyValuePair<string, string>> query,
        string? argument,
        CancellationToken cancellation,
        bool trim = true)
    {
        var access = await tokens.CurrentAsync(cancellation);
        if (!access.Try(out var token, out var why))
        {
            return why;
        }

        var request = new EgressRequest(IntuitServices.QuickBooks, operation)
        {
            PathArguments = path,
            Query = [.. query, MinorVersion],
            Headers = [AsJson],
            Bearer = token,
        };
        var outcome = await OnceAsync(request, cancellation);
        if (outcome.Failure is SyncFailures.AccessExpired)
        {
            var renewed = await tokens.RenewAsync(token, cancellation);
            if (!renewed.Try(out var fresh, out why))
            {
                return why;
            }

            outcome = await OnceAsync(request with { Bearer = fresh }, cancellation);
        }

        return outcome.Try(out var answer, out why) ? Read(operation, argument, answer, trim) : why;
    }

    private async Task<Outcome<EgressAnswer>> OnceAsync(EgressRequest request, CancellationToken cancellation)
    {
        var order = new CallOrder(request.Bearer!.Owner, account, Units: 1, priority);
        var entered = await calls.EnterAsync(budget, order, cancellation);
        if (!entered.Try(out var lease, out var full))
        {
            return full;
        }

        using (lease)
        {
            var outcome = await door.SendAsync(request, cancellation);
            if (!outcome.Try(out var answer, out var why))
            {
                return why;
            }

            if (QuickBooksErrors.Of(answer) is not { } trouble)
            {
                return answer;
            }

            if (trouble is SyncFailures.RateLimited limited)
            {
                lease.Refused(limited.Wait);
            }

            return trouble;
        }
    }

    private static Outcome<ProviderAnswer> Read(ProviderOperation operation, string? argument, EgressAnswer answer, bool trim)
    {
        try
        {
            var body = trim ? BookTrim.Of(answer.Body) : answer.Body;
            return new ProviderAnswer(operation.Name, argument, (int)answer.Status, body, answer.Date);
        }
        catch (JsonException)
        {
            return new SyncFailures.AnswerMalformed();
        }
    }
}
