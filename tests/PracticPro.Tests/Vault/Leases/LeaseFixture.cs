using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Tests.Support;
using PracticPro.Vault;
using PracticPro.Vault.Leases;

namespace PracticPro.Tests.Vault.Leases;

internal sealed record Letter(string Id, string Text);

/// <summary>A practice with some records, a session with a key of its own, and a witness that can refuse.</summary>
internal sealed class LeaseFixture : IDisposable
{
    public static readonly RecordKind<Letter> Letters = new("letter", 1, Purpose.Records, letter => letter.Id);
    public static readonly RecordKind<Letter> Notes = new("note", 1, Purpose.Notes, letter => letter.Id);
    public static readonly RecordKind<Letter> Tokens = new("token", 1, Purpose.Tokens, letter => letter.Id);

    public static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private LeaseFixture()
    {
    }

    public VaultFixture Vault { get; } = VaultFixture.Make();

    public SessionKey Session { get; } = SessionKey.Make();

    public FakeWitness Witness { get; } = new();

    public FakeClock Clock => Vault.Clock;

    public static TenantId Tenant => VaultFixture.A;

    public MemoryTenant Store => Vault.Storage.Tenant(Tenant);

    /// <summary>A fresh one each time, as another process would have it.</summary>
    public LeasedRecords Records => new(Store.Documents, Witness, Clock);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<LeaseFixture> MakeAsync()
    {
        var fixture = new LeaseFixture();
        foreach (var kind in (RecordKind<Letter>[])[Letters, Notes, Tokens])
        {
            await fixture.PutAsync(kind, new Letter("1", $"first {kind.Documents.Name}"));
            await fixture.PutAsync(kind, new Letter("2", $"second {kind.Documents.Name}"));
        }

        return fixture;
    }

    public async Task PutAsync(RecordKind<Letter> kind, Letter letter)
    {
        var records = await Vault.RecordsAsync(Tenant);
        Assert.IsType<CommitOutcome.Committed>(await records.CommitAsync([records.Put(kind, letter, Condition.Any)], Cancellation));
    }

    public async Task<Outcome<KeyLease>> MakeLeaseAsync(
        LeaseWish wish, ReadOnlyMemory<byte>? session = null, TimeSpan? from = null, TimeSpan? lasting = null)
    {
        var notBefore = Clock.GetUtcNow() + (from ?? TimeSpan.Zero);
        return await new MakeKeyLease(Store.Documents, await Vault.KeysAsync(Tenant), Clock)
            .RunAsync(session ?? Session.Public, wish, notBefore, notBefore + (lasting ?? Hour), Cancellation);
    }

    /// <summary>Makes one and stores it.</summary>
    public async Task<KeyLease> GrantAsync(
        LeaseWish wish, ReadOnlyMemory<byte>? session = null, TimeSpan? from = null, TimeSpan? lasting = null)
    {
        var lease = (await MakeLeaseAsync(wish, session, from, lasting)).Expect();
        Store.Overwrite(lease.ToDocument());
        return lease;
    }

    public void Revoke(KeyLease lease) => Store.Remove(KeyLease.KeyOf(lease.Terms.Id));

    public async Task<Outcome<Letter?>> ReadAsync(
        KeyLease lease, RecordKind<Letter> kind, string id, SessionKey? session = null) =>
        await Records.FindAsync(lease.Terms.Id, session ?? Session, kind, id, Cancellation);

    public void Dispose()
    {
        Session.Dispose();
        Vault.Dispose();
    }
}

/// <summary>Remembers what it was asked; says no, throws or does something first when told.</summary>
internal sealed class FakeWitness : IOpeningWitness
{
    public List<(KeyLeaseId Lease, Purpose Purpose, SealContext Place)> Asked { get; } = [];

    public Failure? Says { get; set; }

    public Action? First { get; set; }

    public ValueTask<Outcome<Done>> WitnessAsync(
        KeyLeaseTerms lease, Purpose purpose, SealContext place, CancellationToken cancellation)
    {
        Asked.Add((lease.Id, purpose, place));
        First?.Invoke();
        return ValueTask.FromResult(Says is null ? new Outcome<Done>(Done.Value) : new Outcome<Done>(Says));
    }
}
