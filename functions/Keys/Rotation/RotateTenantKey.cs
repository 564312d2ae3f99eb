using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Keys.Rotation;

/// <summary>The stages about the tenant's own key: a new version, the data keys wrapped under it, old versions switched off.</summary>
internal sealed class RotateTenantKey(IKeyEncryption encryption, TimeProvider time)
{
    // Some room in a batch is for the rotation itself.
    private const int AtOnce = 90;

    /// <summary>
    /// Makes a version. After a crash in front of the write there is one more than needed, which does no harm: the newest is
    /// what data keys are wrapped under.
    /// </summary>
    public async Task<RotationStep> RenewAsync(RotationScope scope, CancellationToken cancellation)
    {
        var tenant = scope.Tenant.Tenant;
        var version = scope.Rotation.Reason == RotationReason.TenantKeyDue
            ? await UnusedAsync(scope, cancellation) ?? (await encryption.RenewAsync(tenant, cancellation)).Expect()
            : (await encryption.RenewAsync(tenant, cancellation)).Expect();
        return new RotationStep(scope.MovedOn with { KeyVersion = version });
    }

    /// <summary>The newest version when no data key is wrapped under it: the key store made it by itself.</summary>
    private async ValueTask<KeyVersion?> UnusedAsync(RotationScope scope, CancellationToken cancellation)
    {
        var keys = await new DataKeyStore(scope.Tenant.Storage.Documents, encryption, time).ReadAsync(cancellation);
        var newest = (await encryption.VersionsAsync(scope.Tenant.Tenant, cancellation)).Expect()[^1].Version;
        return keys.Exists(key => key.Record.Version == newest) ? null : newest;
    }

    /// <summary>
    /// Wraps anew whatever is wrapped under another version, each on the condition that it is still what was read. Reads go
    /// on: earlier versions unwrap.
    /// </summary>
    public async Task<RotationStep> RewrapAsync(RotationScope scope, CancellationToken cancellation)
    {
        var store = new DataKeyStore(scope.Tenant.Storage.Documents, encryption, time);
        var puts = new List<Operation>();
        var version = scope.Rotation.KeyVersion;
        foreach (var stored in await store.ReadAsync(cancellation))
        {
            if (stored.Record.Version == version)
            {
                continue;
            }

            if (puts.Count == AtOnce)
            {
                // Old generations that something keeps can be many: the rest is for the next step.
                return new RotationStep(scope.Rotation with { KeyVersion = version, WaitUntil = null, Trouble = null }) { With = puts };
            }

            var rewrapped = (await store.RewrapAsync(stored.Record, cancellation)).Expect();
            puts.Add(new Operation.Put(rewrapped.ToDocument(), Condition.Is(stored.Version)));

            // Somebody made yet another version meanwhile: then the rest is wrapped under that one at the next step.
            version = rewrapped.Version;
        }

        return version == scope.Rotation.KeyVersion
            ? new RotationStep(scope.MovedOn) { With = puts }
            : new RotationStep(scope.Rotation with { KeyVersion = version, WaitUntil = null, Trouble = null }) { With = puts };
    }

    /// <summary>
    /// Switches off every version but those that wrap a data key. Backups whose keys are wrapped under an old version open
    /// again when a person switches it on.
    /// </summary>
    public async Task<RotationStep> SwitchOffAsync(RotationScope scope, CancellationToken cancellation)
    {
        var tenant = scope.Tenant.Tenant;
        var store = new DataKeyStore(scope.Tenant.Storage.Documents, encryption, time);
        var needed = (await store.ReadAsync(cancellation)).Select(stored => stored.Record.Version).ToHashSet();
        var versions = (await encryption.VersionsAsync(tenant, cancellation)).Expect();
        foreach (var version in versions.SkipLast(1).Select(each => each.Version).Where(each => !needed.Contains(each)))
        {
            (await encryption.SwitchOffAsync(tenant, version, cancellation)).Expect();
        }

        return new RotationStep(scope.MovedOn);
    }
}
