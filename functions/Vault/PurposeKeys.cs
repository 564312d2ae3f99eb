using PracticPro.Kernel;

namespace PracticPro.Vault;

/// <summary>One purpose's generations of one tenant, and the part of the associated data they share.</summary>
internal sealed class PurposeKeys : IDisposable
{
    private readonly byte[] place;
    private readonly DataKey[] generations;

    // Invariant: at least one generation, in ascending order, none twice.
    private PurposeKeys(byte[] place, DataKey[] generations)
    {
        this.place = place;
        this.generations = generations;
    }

    public DataKey Newest => generations[^1];

    public static PurposeKeys Of(TenantId tenant, Purpose purpose, IEnumerable<DataKey> keys) =>
        new(
            [.. SealContext.Prefixed(tenant.Text), .. SealContext.Prefixed(purpose.Word())],
            [.. keys.OrderBy(key => key.Generation)]);

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

    public void Dispose()
    {
        foreach (var key in generations)
        {
            key.Dispose();
        }
    }
}
