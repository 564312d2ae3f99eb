using PracticPro.Kernel;

namespace PracticPro.Vault;

/// <summary>One purpose's generations of one tenant, and the part of the associated data they share.</summary>
internal sealed class PurposeKeys : HeldKeys
{
    private readonly byte[] place;
    private readonly DataKey[] generations;
    private readonly long[] sealsFrom;

    // Invariant: at least one generation, in ascending order, none twice.
    private PurposeKeys(TenantId tenant, Purpose purpose, DataKey[] generations, KeyTerms terms)
        : base(tenant, purpose.Word(), terms)
    {
        Purpose = purpose;
        place = [.. SealContext.Prefixed(tenant.Text), .. SealContext.Prefixed(purpose.Word())];
        this.generations = generations;
        var now = terms.Time.GetUtcNow();
        sealsFrom = [.. generations.Select(key =>
            key.SealsFrom == DataKeyRecord.NotYet ? long.MaxValue : Now + Ticks(key.SealsFrom - now))];
    }

    public Purpose Purpose { get; }

    public static PurposeKeys Of(TenantId tenant, Purpose purpose, IEnumerable<DataKey> keys, KeyTerms terms) =>
        new(tenant, purpose, [.. keys.OrderBy(key => key.Generation)], terms);

    /// <summary>
    /// The newest generation whose moment has come. A younger one opens already: somebody whose clock is a little ahead may
    /// have sealed with it. The oldest when none has come, so that there always is one.
    /// </summary>
    public DataKey Sealing()
    {
        var at = generations.Length - 1;
        while (at > 0 && Now < sealsFrom[at])
        {
            at--;
        }

        return generations[at];
    }

    /// <summary>In ascending order.</summary>
    public IReadOnlyList<DataKey> Generations => generations;

    public DataKey? Find(uint generation)
    {
        // Mostly one or two; the newest first.
        for (var at = generations.Length - 1; at >= 0; at--)
        {
            if (generations[at].Generation == generation)
            {
                return generations[at];
            }
        }

        return null;
    }

    public int AssociatedBytes(SealContext context) => SealedFormat.HeaderBytes + place.Length + context.EncodedBytes;

    /// <summary>Header, tenant, purpose, then the context; see <see cref="SealedFormat"/>.</summary>
    public void WriteAssociated(ReadOnlySpan<byte> header, SealContext context, Span<byte> destination)
    {
        header.CopyTo(destination);
        place.CopyTo(destination[SealedFormat.HeaderBytes..]);
        context.Encode(SealedFormat.Generation(header), destination[(SealedFormat.HeaderBytes + place.Length)..]);
    }

    protected override void Zero()
    {
        foreach (var key in generations)
        {
            key.Dispose();
        }
    }
}
