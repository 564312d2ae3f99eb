using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Tests.Backup;

/// <summary>The program's own erasure of a person, through a restore to a moment before it.</summary>
[Trait("Promise", "OPS-1")]
public sealed class ErasedPersonTests
{
    private static readonly AuditSubject Contact = new("contact", "contact-1");
    private static readonly Actor Job = new Actor.Job("mail-sync");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_person_who_was_erased_from_the_audit_log_is_not_back_after_a_restore()
    {
        await using var store = await BackedUpStore.OpenAsync();
        using var ring = new KeyRing(store.Storage, store.Vault.KeyEncryption, store.Clock, new KeyRingOptions());
        var live = store.Storage.For(BackedUpStore.Tenant);
        var keys = await ring.OpenAsync(BackedUpStore.Tenant, Cancellation);
        var sent = new AuditEntry(Job, AuditAct.MailSent) { Subjects = [Contact], Values = [new("recipient", "Ada Example")], About = Contact };
        await live.Documents.CommitAsync(new Batch(new AuditTrail(live, keys, store.Clock).Compose(sent)), Cancellation);
        await store.ShipAsync();
        var before = store.Clock.GetUtcNow() - TimeSpan.FromMilliseconds(15);
        store.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await new EraseAuditValues(live, keys, store.Clock).ExecuteAsync(Job, Contact, Cancellation));
        await store.ShipAsync();

        await using var restored = await store.RestoredAsync(before);

        Assert.Equal(1, restored.Result.ErasedAgain);
        var trail = new AuditTrail(restored.Storage.For(BackedUpStore.Tenant), keys, store.Clock);
        var record = Assert.Single(await trail.ReadAsync(0, 10, Cancellation));
        Assert.IsType<AuditValue.Erased>(Assert.Single(record.Values).Value);
    }
}
