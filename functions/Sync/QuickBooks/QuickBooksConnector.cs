using System.Collections.Immutable;
using System.Text.Json;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Budgets;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;

namespace PracticPro.Sync.QuickBooks;

/// <summary>
/// QuickBooks Online: a company's customers, invoices and payments, read and never written (CARE-4). Intuit's one permission
/// for books reads and writes, and its answers name no permissions; that nothing is written is kept by the egress door, which
/// knows no writing operation there.
/// </summary>
internal sealed class QuickBooksConnector(EgressDoor door, CallBudget calls, SyncOptions options) : IConnector
{
    public static readonly Provider Name = Provider.Parse("quickbooks");

    /// <summary>Where Intuit names the company: in the address the browser comes back to, and nowhere else.</summary>
    public const string RealmField = "realmId";

    private const string Scope = "com.intuit.quickbooks.accounting";

    private readonly ProviderBudget budget = ProviderBudgets.QuickBooks(options);

    public Provider Provider => Name;

    public string Title => "QuickBooks";

    public OAuthTerms Terms { get; } = new(
        IntuitServices.Consent,
        "/connect/oauth2",
        IntuitServices.Grants,
        IntuitServices.Exchange,
        IntuitServices.QuickBooks,
        new ScopeList([Scope], Kept: null)
        {
            InWords = ImmutableDictionary<string, string>.Empty.Add(Scope, "Read your customers, invoices and payments"),
        })
    {
        Client = ClientProof.Basic,
        Revocation = new Revocation(IntuitServices.Revocation, IntuitServices.Revoke, AsJson: true),
    };

    /// <summary>Notifications are ordered once for the whole program, on Intuit's pages: there is nothing to open for a connection.</summary>
    public IChannels? Channels => null;

    public async Task<Outcome<ConnectedAccount>> IdentifyAsync(
        IAccessTokens tokens, IReadOnlyDictionary<string, string> callback, CancellationToken cancellation)
    {
        if (!Realm.TryParse(callback.GetValueOrDefault(RealmField), out var realm))
        {
            return new SyncFailures.ConnectAttemptUnknown();
        }

        // Anybody can write a company's number into an address: the grant itself must open that company.
        var outcome = await CompanyOf(tokens, account: null, realm).CompanyAsync(cancellation);
        return outcome.Try(out var answer, out var why) ? NameIn(answer, realm) : why;
    }

    public Task<Outcome<ImmutableArray<StreamName>>> StreamsAsync(ConnectorScope scope, CancellationToken cancellation) =>
        Task.FromResult<Outcome<ImmutableArray<StreamName>>>(ImmutableArray.CreateRange(BookSort.All, static sort => sort.Stream));

    /// <exception cref="InvalidOperationException">There is no such stream, or the connection is to no company.</exception>
    public IStreamSource Source(ConnectorScope scope, StreamName stream) => new BookSource(
        scope.Connection.Id,
        BookSort.Of(stream),
        CompanyOf(
            scope.Tokens,
            scope.Connection.Id,
            Realm.TryParse(scope.Connection.Account.Key, out var realm) ? realm : throw new InvalidOperationException("Not a company.")));

    private QuickBooksCompany CompanyOf(IAccessTokens tokens, ConnectionId? account, Realm realm) =>
        new(door, calls, budget, tokens, account, realm, CallPriority.Interactive);

    private static Outcome<ConnectedAccount> NameIn(ProviderAnswer answer, Realm realm)
    {
        using var json = JsonDocument.Parse(answer.Body);
        return BookReader.Inside(json.RootElement, "CompanyInfo", "CompanyName") is { Length: > 0 } name
            ? new ConnectedAccount(realm.Text, name)
            : new SyncFailures.AnswerMalformed();
    }
}
