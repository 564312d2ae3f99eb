using System.Collections.Immutable;
using PracticPro.Storage;

namespace PracticPro.Vault.Leases;

/// <summary>What somebody wants leased. Turned into a <see cref="KeyLeaseScope"/> of exact keys by <see cref="MakeKeyLease"/>.</summary>
internal abstract record LeaseWish
{
    private LeaseWish()
    {
    }

    /// <summary>
    /// Everything of one purpose, as far as it is sealed now. Refused for <see cref="Purpose.Notes"/>, which
    /// <see cref="AllNotes"/> asks for, and for <see cref="Purpose.Tokens"/>, which nobody is leased.
    /// </summary>
    public sealed record Whole(Purpose Purpose) : LeaseWish;

    /// <summary>
    /// All clinical notes. A case of its own, so that neither a loop over purposes nor a word from a request can ever
    /// mean it: somebody has to write this name (STAFF-1).
    /// </summary>
    public sealed record AllNotes : LeaseWish;

    /// <summary>These records as they are now, and nothing else: not even a later version of them.</summary>
    public sealed record Chosen(ImmutableArray<ChosenRecord> Records) : LeaseWish
    {
        public static Chosen Of<T>(RecordKind<T> kind, params IEnumerable<string> ids)
            where T : class => new([.. ids.Select(id => new ChosenRecord(kind.Purpose, kind.Key(id)))]);
    }
}

/// <summary>One record by its key, and whose keys seal it.</summary>
internal readonly record struct ChosenRecord(Purpose Purpose, DocumentKey Key);

/// <summary>The exact keys of a lease, by name. Part of what its wrap authenticates.</summary>
internal abstract record KeyLeaseScope
{
    private KeyLeaseScope()
    {
    }

    /// <summary>
    /// Data keys: these generations of one purpose, in ascending order. A generation that comes later is not in it, and one
    /// that is retired is not kept for it: what was sealed anew under the next one is out of this lease.
    /// </summary>
    public sealed record Whole(Purpose Purpose, ImmutableArray<uint> Generations) : KeyLeaseScope;

    /// <summary>Message keys: one a sealed value, which opens that value alone.</summary>
    public sealed record Chosen(ImmutableArray<LeasedValue> Values) : KeyLeaseScope;
}

/// <summary>One sealed value, named beyond doubt: whose keys, which place, and its header with message id and commitment.</summary>
/// <param name="Header">The first <see cref="SealedFormat.HeaderBytes"/> bytes of the value.</param>
internal sealed record LeasedValue(Purpose Purpose, SealContext Place, ReadOnlyMemory<byte> Header)
{
    public uint Generation => SealedFormat.Generation(Header.Span);
}
