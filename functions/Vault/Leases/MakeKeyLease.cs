using System.Collections.Immutable;
using System.Security.Cryptography;
using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Vault.Leases;

/// <summary>
/// Makes a lease: finds the exact keys a wish means and wraps them to the session's key. Stores nothing; who grants it
/// stores the document. The one place at which keys are taken out of <see cref="TenantKeys"/>.
/// </summary>
internal sealed class MakeKeyLease(IDocuments documents, TenantKeys keys, TimeProvider time)
{
    public const int MaximumValues = 4096;

    /// <summary>Bytes of a lease's document at most; leaves room in its batch for what is written beside it.</summary>
    public const int MaximumBytes = StorageLimits.MaximumBodyBytes - (64 * 1024);

    /// <summary>How long a lease lasts at most, and how far ahead it may begin.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <param name="session">The session's public key.</param>
    public async ValueTask<Outcome<KeyLease>> RunAsync(
        ReadOnlyMemory<byte> session,
        LeaseWish wish,
        DateTimeOffset notBefore,
        DateTimeOffset notAfter,
        CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (notAfter <= notBefore || notAfter <= now || notAfter - notBefore > Longest || notBefore - now > Longest)
        {
            return new LeaseFailures.BadTimes();
        }

        if (!SessionKey.TryReadPublic(session.Span, out var other))
        {
            return new LeaseFailures.BadSessionKey();
        }

        using (other)
        {
            var scoped = await ScopeAsync(wish, cancellation);
            if (!scoped.Try(out var scope, out var why))
            {
                return why;
            }

            var terms = new KeyLeaseTerms(
                documents.Tenant, KeyLeaseId.New(time), session.ToArray(), WholeMilliseconds(notBefore), WholeMilliseconds(notAfter), scope);
            using var taken = Take(scope);
            var lease = KeyLeaseWrap.Wrap(terms, other, taken);
            return lease.Bytes.Length <= MaximumBytes ? lease : new LeaseFailures.TooMuch();
        }
    }

    private static DateTimeOffset WholeMilliseconds(DateTimeOffset moment) =>
        DateTimeOffset.FromUnixTimeMilliseconds(moment.ToUnixTimeMilliseconds());

    private async ValueTask<Outcome<KeyLeaseScope>> ScopeAsync(LeaseWish wish, CancellationToken cancellation) => wish switch
    {
        LeaseWish.Whole { Purpose: Purpose.Notes } => new LeaseFailures.NotesNotNamed(),
        LeaseWish.Whole { Purpose: Purpose.Tokens } => new LeaseFailures.TokensNeverLeased(),
        LeaseWish.Whole whole => Whole(whole.Purpose),
        LeaseWish.AllNotes => Whole(Purpose.Notes),
        LeaseWish.Chosen chosen => await ChosenAsync(chosen.Records, cancellation),
        _ => throw new ArgumentException("A wish of no known kind.", nameof(wish)),
    };

    private Outcome<KeyLeaseScope> Whole(Purpose purpose) =>
        new KeyLeaseScope.Whole(purpose, [.. keys.ForLease(purpose).Generations.Select(key => key.Generation)]);

    private async ValueTask<Outcome<KeyLeaseScope>> ChosenAsync(
        ImmutableArray<ChosenRecord> records, CancellationToken cancellation)
    {
        if (records.IsDefaultOrEmpty || records.Distinct().Count() != records.Length)
        {
            return new LeaseFailures.NothingChosen();
        }

        if (records.Length > MaximumValues)
        {
            return new LeaseFailures.TooMuch();
        }

        var values = ImmutableArray.CreateBuilder<LeasedValue>(records.Length);
        foreach (var record in records)
        {
            var value = await ValueAsync(record, cancellation);
            if (!value.Try(out var found, out var why))
            {
                return why;
            }

            values.Add(found);
        }

        return new KeyLeaseScope.Chosen(values.MoveToImmutable());
    }

    /// <summary>
    /// Names the record's sealed value, after opening it in its place: otherwise somebody who writes to the database could
    /// put another value there and have its key leased.
    /// </summary>
    private async ValueTask<Outcome<LeasedValue>> ValueAsync(ChosenRecord record, CancellationToken cancellation)
    {
        if (record.Purpose == Purpose.Tokens)
        {
            return new LeaseFailures.TokensNeverLeased();
        }

        if (await documents.FindAsync(record.Key, cancellation) is not { } stored
            || !SealedRecords.TrySplit(stored.Document, out var place, out var value))
        {
            return new LeaseFailures.ChosenNotThere();
        }

        var opened = keys.Open(record.Purpose, place, value);
        if (!opened.Try(out var plain, out _))
        {
            return new LeaseFailures.ChosenNotThere();
        }

        plain.Dispose();
        return new LeasedValue(record.Purpose, place, value.Span[..SealedFormat.HeaderBytes].ToArray());
    }

    private SecretBytes Take(KeyLeaseScope scope)
    {
        var taken = GC.AllocateArray<byte>(KeyLeaseFormat.PlaintextBytes(scope), pinned: true);
        try
        {
            var at = 0;
            switch (scope)
            {
                case KeyLeaseScope.Whole whole:
                    foreach (var generation in whole.Generations)
                    {
                        keys.ForLease(whole.Purpose).Find(generation)!.CopyKeyTo(taken.AsSpan(at, DataKey.Bytes));
                        at += DataKey.Bytes;
                    }

                    break;
                case KeyLeaseScope.Chosen chosen:
                    foreach (var value in chosen.Values)
                    {
                        TakeMessageKey(value, taken.AsSpan(at, KeyLeaseFormat.MessageKeyBytes));
                        at += KeyLeaseFormat.MessageKeyBytes;
                    }

                    break;
                default:
                    throw new ArgumentException("A scope of no known kind.", nameof(scope));
            }

            return new SecretBytes(taken);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(taken);
        }
    }

    private void TakeMessageKey(LeasedValue value, Span<byte> destination)
    {
        Span<byte> derived = stackalloc byte[DataKey.DerivedBytes];
        keys.ForLease(value.Purpose).Find(value.Generation)!.Derive(value.Header.Span[..SealedFormat.NamedBytes], derived);
        derived[..KeyLeaseFormat.MessageKeyBytes].CopyTo(destination);
        CryptographicOperations.ZeroMemory(derived);
    }
}
