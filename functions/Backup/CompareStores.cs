using PracticPro.Storage;

namespace PracticPro.Backup;

/// <summary>How a restored store compares with the one it was restored from.</summary>
/// <param name="Resurrected">Documents that are erased in the source and there in the restored store.</param>
internal sealed record StoreComparison(bool AreEqual, int Resurrected);

/// <summary>
/// Compares one tenant in two stores by hash, through the ports: two folders, or two accounts. Neither may be written to
/// meanwhile.
/// </summary>
internal static class CompareStores
{
    public static async Task<StoreComparison> RunAsync(
        ITenantStorage source, ITenantStorage restored, CancellationToken cancellation)
    {
        var erased = await ErasureLedger.ReadAsync(source.Logs, 0, cancellation);
        var resurrected = 0;
        foreach (var entry in erased)
        {
            // One that was written anew since is in both.
            resurrected += await ReapplyErasures.CountPresentAsync(restored, [entry], cancellation)
                - await ReapplyErasures.CountPresentAsync(source, [entry], cancellation);
        }

        return new StoreComparison(
            await StoreDigest.OfAsync(source, cancellation) == await StoreDigest.OfAsync(restored, cancellation),
            Math.Max(0, resurrected));
    }
}
