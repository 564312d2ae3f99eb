using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Vault.Leases;

/// <summary>
/// Opens sealed values by a lease and the session's private key, with no key of the tenant at hand. Nothing is remembered
/// from one open to the next: every one reads the lease again, looks at the clock again, is witnessed first, and zeroes what
/// it unwrapped. So a lease that was revoked is over at once, in every process.
/// </summary>
internal sealed class OpenUnderLease(IDocuments documents, IOpeningWitness witness, TimeProvider time)
{
    /// <summary>How long keys that were unwrapped for one open may be used. It takes microseconds.</summary>
    private static readonly TimeSpan OneOpen = TimeSpan.FromMinutes(1);

    public TenantId Tenant => documents.Tenant;

    /// <summary>
    /// The content, if the lease is there, is this session's, holds now, and covers exactly this value. Otherwise a failure
    /// of <see cref="LeaseFailures"/>, <see cref="VaultFailures"/> or the witness, and nothing of the content. The caller
    /// disposes what it gets.
    /// </summary>
    public async ValueTask<Outcome<PlainBytes>> RunAsync(
        KeyLeaseId id,
        SessionKey session,
        Purpose purpose,
        SealContext place,
        SealedBytes value,
        CancellationToken cancellation)
    {
        var found = await HoldingAsync(id, cancellation);
        if (!found.Try(out var lease, out var why))
        {
            return why;
        }

        // A wrap that does not open is found out before the witness is troubled, and its keys are not kept while he writes.
        var unwrapped = KeyLeaseWrap.Unwrap(lease, session);
        if (!unwrapped.Try(out var early, out why))
        {
            return why;
        }

        early.Dispose();
        if (await RefusalAsync(lease.Terms.Scope, purpose, place, value, cancellation) is { } refusal)
        {
            return refusal;
        }

        var witnessed = await witness.WitnessAsync(lease.Terms, purpose, place, cancellation);
        if (!witnessed.Try(out _, out why))
        {
            return why;
        }

        // Writing took its time: the lease must still hold.
        found = await HoldingAsync(id, cancellation);
        if (!found.Try(out var still, out why))
        {
            return why;
        }

        if (!still.Bytes.Span.SequenceEqual(lease.Bytes.Span))
        {
            return new LeaseFailures.NotAuthentic();
        }

        unwrapped = KeyLeaseWrap.Unwrap(lease, session);
        if (!unwrapped.Try(out var keys, out why))
        {
            return why;
        }

        using (keys)
        {
            return lease.Terms.Scope switch
            {
                KeyLeaseScope.Whole whole => OpenWhole(whole, keys, place, value),
                KeyLeaseScope.Chosen chosen => OpenChosen(chosen, keys, value),
                _ => new LeaseFailures.OutOfScope(),
            };
        }
    }

    /// <summary>The lease as it is stored at this moment, if it holds at this moment.</summary>
    private async ValueTask<Outcome<KeyLease>> HoldingAsync(KeyLeaseId id, CancellationToken cancellation)
    {
        if (await documents.FindAsync(KeyLease.KeyOf(id), cancellation) is not { } stored)
        {
            return new LeaseFailures.None();
        }

        if (KeyLease.Of(documents.Tenant, stored.Document) is not { } lease)
        {
            return new LeaseFailures.NotAuthentic();
        }

        var now = time.GetUtcNow();
        return now < lease.Terms.NotBefore ? new LeaseFailures.NotYet()
            : now >= lease.Terms.NotAfter ? new LeaseFailures.Over()
            : lease;
    }

    private async ValueTask<Failure?> RefusalAsync(
        KeyLeaseScope scope, Purpose purpose, SealContext place, SealedBytes value, CancellationToken cancellation)
    {
        if (value.Length < SealedFormat.OverheadBytes)
        {
            return new VaultFailures.SealedTooShort();
        }

        var generation = SealedFormat.Generation(value.Span);
        var covered = scope switch
        {
            KeyLeaseScope.Whole whole => whole.Purpose == purpose && whole.Generations.Contains(generation),
            KeyLeaseScope.Chosen chosen => At(chosen, value) is >= 0 and var at
                && chosen.Values[at].Purpose == purpose
                && chosen.Values[at].Place == place,
            _ => false,
        };
        if (!covered)
        {
            return new LeaseFailures.OutOfScope();
        }

        // The lease holds key bytes of its own. When the tenant's copy is gone, so is what it stood for.
        return await documents.FindAsync(DataKeyRecord.KeyOf(purpose.Word(), generation), cancellation) is null
            ? new LeaseFailures.GenerationRetired()
            : null;
    }

    /// <summary>Where the value stands in the scope, or -1. A later version of a record has another header.</summary>
    private static int At(KeyLeaseScope.Chosen chosen, SealedBytes value)
    {
        var header = value.Span[..SealedFormat.HeaderBytes];
        for (var at = 0; at < chosen.Values.Length; at++)
        {
            if (chosen.Values[at].Header.Span.SequenceEqual(header))
            {
                return at;
            }
        }

        return -1;
    }

    private Outcome<PlainBytes> OpenWhole(
        KeyLeaseScope.Whole whole, SecretBytes keys, SealContext place, SealedBytes value)
    {
        var bytes = keys.RevealMemory("to open what the lease is for");
        var dataKeys = whole.Generations.Select((generation, at) =>
            (whole.Purpose, new DataKey(generation, new SecretBytes(bytes.Span.Slice(at * DataKey.Bytes, DataKey.Bytes)))));

        // There is nothing to look up under a lease: this index key is nobody's.
        var leased = new TenantKeys(documents.Tenant, dataKeys, SecretBytes.Random(DataKey.Bytes), time, OneOpen);
        try
        {
            return leased.Open(whole.Purpose, place, value);
        }
        finally
        {
            leased.Revoke();
        }
    }

    private Outcome<PlainBytes> OpenChosen(KeyLeaseScope.Chosen chosen, SecretBytes keys, SealedBytes value)
    {
        var at = At(chosen, value);
        var named = chosen.Values[at];
        var header = named.Header.Span;
        byte[] associated = [
            .. header,
            .. SealContext.Prefixed(documents.Tenant.Text),
            .. SealContext.Prefixed(named.Purpose.Word()),
            .. new byte[named.Place.EncodedBytes]];
        named.Place.Encode(named.Generation, associated.AsSpan(associated.Length - named.Place.EncodedBytes));

        Span<byte> messageKey = stackalloc byte[KeyLeaseFormat.MessageKeyBytes];
        keys.Reveal("to open one chosen value")
            .Slice(at * KeyLeaseFormat.MessageKeyBytes, KeyLeaseFormat.MessageKeyBytes).CopyTo(messageKey);
        using var cipher = new MessageCipher(messageKey);
        var plaintext = GC.AllocateUninitializedArray<byte>(value.Length - SealedFormat.OverheadBytes);
        return cipher.TryDecrypt(stackalloc byte[12], value.Span[SealedFormat.HeaderBytes..], plaintext, associated)
            ? new PlainBytes(plaintext)
            : new VaultFailures.NotAuthentic();
    }
}
