using PracticPro.Audit;
using PracticPro.Storage;
using PracticPro.Tests.Support;
using PracticPro.Tests.Vault;

namespace PracticPro.Tests.Audit;

/// <summary>What goes with every write of a tenant, however many batches it is.</summary>
public sealed class TenantScopeTests
{
    private static readonly DocumentKind Note = DocumentKind.Of("note");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_each_batch_of_a_wave_deletes_is_on_the_erasure_ledger()
    {
        using var vault = VaultFixture.Make();
        var scope = await OpenAsync(vault, new QueueBell());
        await scope.CommitAsync([Put("a"), Put("b"), Put("c")], Cancellation);

        await scope.CommitInWavesAsync([[[Delete("a")]], [[Delete("b")], [Put("d")], [Delete("c")]]], Cancellation);

        var erased = await ErasureLedger.ReadAsync(scope.Storage.Logs, 0, Cancellation);
        Assert.Equal(["a", "b", "c"], erased.SelectMany(static entry => entry.Keys).Select(static key => key.Id).Order(StringComparer.Ordinal));
        Assert.Equal(3, erased.Length);
    }

    [Fact]
    public async Task A_message_that_a_wave_puts_rings()
    {
        using var patience = Deadline.Start(Cancellation);
        using var vault = VaultFixture.Make();
        var bell = new QueueBell();
        var scope = await OpenAsync(vault, bell);

        await scope.CommitInWavesAsync(
            [[[Put("a")]], [[new Operation.Enqueue(new QueueName("outbox"), new QueueMessage(new byte[] { 1 }))]]], Cancellation);

        Assert.Equal(VaultFixture.A, await bell.NextAsync(patience.Token));
    }

    private static ValueTask<TenantScope> OpenAsync(VaultFixture vault, QueueBell bell) =>
        new TenantScopes(vault.Storage, vault.Ring, bell, vault.Clock).OpenAsync(VaultFixture.A, Cancellation);

    private static Operation.Put Put(string id) => new(new Document(Note.Key(id), new byte[] { 1 }), Condition.Absent);

    private static Operation.Delete Delete(string id) => new(Note.Key(id), Condition.Any);
}
