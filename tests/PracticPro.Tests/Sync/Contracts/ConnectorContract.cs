using System.Text;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Streams;
using PracticPro.Sync.Streams.Coverage;
using PracticPro.Sync.Streams.Journal;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Sync.Contracts;

/// <summary>
/// What every connector keeps to, whatever its provider is like. A connector's test gives the account; the sandbox plays the
/// provider, and everything goes through the real loop, door and store.
/// </summary>
[Trait("Promise", "SYNC-1")]
public abstract class ConnectorContract
{
    private const string Canary = "canary-7f3c-of-a-body-that-nobody-keeps";
    private static readonly TimeSpan Poll = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_the_first_reading_the_store_agrees_with_the_provider()
    {
        await using var account = await OpenAsync(items: 11, pageSize: 4);
        Assert.True(account.Truth().Count >= 11);
        await AssertInStepAsync(account);
    }

    [Fact]
    [Trait("Promise", "SYNC-3")]
    public async Task What_is_added_edited_and_deleted_there_shows_here_at_the_next_look()
    {
        await using var account = await OpenAsync(items: 8);
        var ids = Ids(account);
        await account.AddAsync();
        await account.EditAsync(ids[1]);
        await account.DeleteAsync(ids[2]);
        var brief = await account.AddAsync();
        await account.DeleteAsync(brief);
        await account.Premises.PassAsync(Poll);
        await AssertInStepAsync(account);
    }

    [Fact]
    [Trait("Promise", "SYNC-3")]
    public async Task What_moves_is_not_deleted()
    {
        await using var account = await OpenAsync(items: 5);
        var moved = Ids(account)[0];
        if (!await account.MoveAsync(moved))
        {
            // Nothing can move where every sort of item has one stream only.
            var premises = account.Premises;
            var scope = await premises.ScopeAsync();
            var connection = await premises.ConnectionAsync();
            var connector = premises.Get<ConnectorBook>().Of(connection.Provider);
            var context = new ConnectorScope(
                scope, connection, premises.Get<AccessTokens>().For(premises.Tenant, premises.Connection, connector));
            var sorts = (await StreamsOf.CursorsAsync(scope, premises.Connection, Cancellation))
                .Select(cursor => connector.Source(context, cursor.Value.Stream).Mirror.Sort)
                .ToList();
            Assert.NotEmpty(sorts);
            Assert.Equal(sorts, sorts.Distinct());
            return;
        }

        await account.Premises.PassAsync(Poll);
        await AssertInStepAsync(account);
        Assert.Contains(await account.StoredAsync(), line => line.StartsWith(moved + ' ', StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_expired_cursor_with_200_changes_and_20_deletes_behind_it_ends_equal()
    {
        await using var account = await OpenAsync(items: 40);
        var ids = Ids(account);
        for (var change = 0; change < 200; change++)
        {
            await (change % 4 == 0 ? account.AddAsync() : account.EditAsync(ids[20 + (change % 20)]));
        }

        foreach (var id in ids.Take(20))
        {
            await account.DeleteAsync(id);
        }

        await account.ExpireAsync();
        await account.Premises.PassAsync(Poll);
        await UntilInStepAsync(account);
        await AssertInStepAsync(account);
        var coverage = (await account.Premises.Get<CoverageFacts>().OfAsync(
            account.Premises.Tenant, account.Premises.Connection, Cancellation)).Expect();
        Assert.Contains(
            coverage.SelectMany(static stream => stream.Holes),
            static hole => hole is { Because: "cursor-expired", ClosedBy: "read-anew" });
    }

    [Fact]
    [Trait("Promise", "SYNC-3")]
    public async Task A_page_that_fails_in_the_middle_of_a_reading_deletes_nothing()
    {
        await using var account = await OpenAsync(items: 12, pageSize: 4);
        var before = Ids(account);
        await account.ExpireAsync();
        account.FailPages(after: 1, times: 2);
        await account.Premises.PassAsync(Poll);
        var stored = (await account.StoredAsync()).Select(IdOf).ToHashSet(StringComparer.Ordinal);
        Assert.Superset(before.ToHashSet(StringComparer.Ordinal), stored);
        await UntilInStepAsync(account);
        await AssertInStepAsync(account);
    }

    [Fact]
    public async Task What_is_looked_at_twice_changes_nothing()
    {
        await using var account = await OpenAsync(items: 6);
        await account.AddAsync();
        await account.Premises.PassAsync(Poll);
        var state = await StateAsync(account);
        await account.Premises.PassAsync(Poll);
        await account.Premises.RestartAsync();
        await account.Premises.PassAsync(Poll);
        Assert.Equal(state, await StateAsync(account));
    }

    [Fact]
    public async Task The_same_answers_are_always_understood_the_same()
    {
        await using var account = await OpenAsync(items: 9, pageSize: 4);
        await account.EditAsync(Ids(account)[3]);
        await account.DeleteAsync(Ids(account)[4]);
        await account.Premises.PassAsync(Poll);
        await StateAsync(account);
    }

    [Fact]
    [Trait("Promise", "SYNC-2")]
    public async Task No_body_is_fetched_and_so_none_is_in_the_journal()
    {
        await using var account = await OpenAsync(items: 2);
        await account.AddAsync(Canary);
        await account.Premises.PassAsync(Poll);
        await AssertInStepAsync(account);
        await account.ExpireAsync();
        await account.Premises.PassAsync(Poll);
        await UntilInStepAsync(account);
        var answers = await AnswersAsync(account);
        Assert.NotEmpty(answers);
        Assert.DoesNotContain(answers, static body => body.Span.IndexOf(Encoding.UTF8.GetBytes(Canary)) >= 0);
        await account.Premises.CrashAsync();
        account.Premises.AssertNowhereInFolder(Canary);
    }

    /// <summary>The account with about that many items, connected and read.</summary>
    /// <param name="pageSize">Items a page, where the program asks for them.</param>
    private protected abstract Task<IPlayedAccount> OpenAsync(int items, int pageSize = 100);

    private static async Task AssertInStepAsync(IPlayedAccount account) =>
        Assert.Equal(account.Truth().Order(StringComparer.Ordinal), (await account.StoredAsync()).Order(StringComparer.Ordinal));

    private static Task UntilInStepAsync(IPlayedAccount account) => account.Premises.PassUntilAsync(
        async () => (await account.StoredAsync()).Order(StringComparer.Ordinal).SequenceEqual(account.Truth().Order(StringComparer.Ordinal)),
        Pause,
        most: 30);

    private static List<string> Ids(IPlayedAccount account) => [.. account.Truth().Select(IdOf)];

    private static string IdOf(string line) => line.Split(' ')[0];

    /// <summary>Hash of all that the journal explains; it agrees with the store.</summary>
    private static async Task<string> StateAsync(IPlayedAccount account)
    {
        var premises = account.Premises;
        var verdict = (await premises.Get<ReplaySync>().RunAsync(premises.Tenant, premises.Connection, Cancellation)).Expect();
        return Assert.IsType<ReplayVerdict.Same>(verdict).State;
    }

    /// <summary>All that the provider answered so far, from the opened journal.</summary>
    private static async Task<List<ReadOnlyMemory<byte>>> AnswersAsync(IPlayedAccount account)
    {
        var premises = account.Premises;
        var scope = await premises.ScopeAsync();
        var connection = await premises.ConnectionAsync();
        var connector = premises.Get<ConnectorBook>().Of(connection.Provider);
        var context = new ConnectorScope(scope, connection, premises.Get<AccessTokens>().For(premises.Tenant, premises.Connection, connector));
        List<ReadOnlyMemory<byte>> answers = [];
        for (var step = 1L; ; step++)
        {
            var taken = await SyncJournal.FindAsync(
                scope, connection.Id, step, stream => connector.Source(context, stream).Mirror, Cancellation);
            if (taken is null)
            {
                return answers;
            }

            answers.AddRange(taken.Answers.Each.Select(static answer => answer.Body));
        }
    }
}
