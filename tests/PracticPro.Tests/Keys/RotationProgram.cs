using PracticPro.Access;
using PracticPro.Audit;
using PracticPro.Keys;
using PracticPro.Keys.Rotation;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Tests.Vault;
using PracticPro.Vault;

namespace PracticPro.Tests.Keys;

/// <summary>A record of a practice, for keys to be rotated under.</summary>
internal sealed record Sheet(string Id, string Text)
{
    public static readonly RecordKind<Sheet> Record = new("sheet", 1, Purpose.Records, static sheet => sheet.Id);

    public static readonly RecordKind<Sheet> Note = new("sheet-note", 1, Purpose.Notes, static sheet => sheet.Id);
}

/// <summary>One process of several over one store: a key ring of its own, and what rotates.</summary>
internal sealed class RotationProgram : IDisposable
{
    private readonly VaultFixture vault;
    private readonly KeyRevocations revocations;

    public RotationProgram(
        VaultFixture vault, IFleet fleet, Power? power = null, IKeyEncryption? encryption = null, int documentsAStep = 7)
    {
        this.vault = vault;
        encryption ??= vault.Encryption;
        var storage = new MortalStorage(vault.Storage, power ?? new Power());
        revocations = new KeyRevocations(fleet, vault.Clock);
        Ring = new KeyRing(storage, encryption, vault.Clock, new KeyRingOptions(), revocations);
        Scopes = new TenantScopes(storage, Ring, new QueueBell(), vault.Clock);
        var options = new RotationOptions { DocumentsAStep = documentsAStep };
        var kinds = new SealedKinds(
            [Sheet.Record.Sealed, Sheet.Note.Sealed, AccessKinds.Session.Sealed, AuditValues.Sealed],
            [new PlainKind(KeyRotation.Documents.Name), new PlainKind("audit-checkpoint")]);
        Begin = new BeginRotation(Scopes, vault.Clock);
        Advance = new AdvanceRotation(
            Scopes,
            storage,
            new RotateTenantKey(encryption, vault.Clock),
            new MakeGenerations(encryption, new KeyRingOptions(), vault.Clock),
            new ResealPage(kinds, options),
            new CountPage(kinds, options),
            new RetireGenerations(encryption, vault.Clock),
            new EndAllSessions(Scopes),
            new EndLeases(storage, vault.Clock),
            revocations,
            options,
            vault.Clock);
    }

    public KeyRing Ring { get; }

    public TenantScopes Scopes { get; }

    public BeginRotation Begin { get; }

    public AdvanceRotation Advance { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async Task<string> BeginAsync(TenantId tenant, RotationReason reason = RotationReason.Asked) =>
        (await Begin.RunAsync(tenant, reason, AdvanceRotation.Job, Cancellation)).Expect();

    /// <summary>Steps until it ends; where it waits, the clock is moved on by a minute at a time.</summary>
    /// <param name="afterEach">What is done after every step and every minute.</param>
    public async Task<KeyRotation?> RunAsync(TenantId tenant, string id, Func<Task>? afterEach = null)
    {
        for (var steps = 0; steps < 2_000; steps++)
        {
            var answer = await Advance.RunAsync(tenant, id, Cancellation);
            if (answer.Ended)
            {
                return answer.Rotation;
            }

            if (answer.WaitUntil is { } until && vault.Clock.GetUtcNow() < until)
            {
                var left = until - vault.Clock.GetUtcNow();
                vault.Clock.Advance(left < TimeSpan.FromMinutes(1) ? left : TimeSpan.FromMinutes(1));
            }

            await (afterEach?.Invoke() ?? Task.CompletedTask);
        }

        throw new InvalidOperationException("The rotation does not end.");
    }

    public async Task WriteAsync(TenantId tenant, RecordKind<Sheet> kind, Sheet sheet)
    {
        var scope = await Scopes.OpenAsync(tenant, Cancellation);
        Assert.IsType<CommitOutcome.Committed>(
            await scope.CommitAsync([scope.Put(kind, sheet, Condition.Any)], Cancellation));
    }

    public async Task<string?> ReadAsync(TenantId tenant, RecordKind<Sheet> kind, string id) =>
        (await (await Scopes.OpenAsync(tenant, Cancellation)).FindAsync(kind, id, Cancellation))?.Value.Text;

    public void Dispose()
    {
        Ring.Dispose();
        revocations.Dispose();
    }
}
