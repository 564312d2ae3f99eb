using PracticPro.Kernel;
using PracticPro.Storage.Drivers.Cosmos;

namespace PracticPro.Backup.Drivers.Cosmos;

/// <summary>
/// Makes a restored copy of an account one that may be opened: what was erased since the moment it was restored to is
/// erased again, tenant by tenant, and only then does the copy say that it is an account of its own. Whatever ends it in
/// between, the copy stays shut, and the next run goes on: each erasure is on the copy's own ledger in the batch that erased.
/// </summary>
internal static class ReleaseCopy
{
    /// <summary>An older file may lack erasures. A day is enough to restore an account and look at it.</summary>
    public static readonly TimeSpan LedgerIsGoodFor = TimeSpan.FromDays(1);

    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    /// <summary>Why the file is not one to go by; null when it is.</summary>
    /// <param name="isNewest">The origin is lost, and the copy is said to be the newest there is.</param>
    public static Failure? Against(AccountStanding copy, ErasureSource? source, DateTimeOffset now, bool isNewest)
    {
        if (source is null)
        {
            return new BackupFailures.LedgerWithoutEnd();
        }

        if (copy.Origin is { } origin && source.Account != origin)
        {
            return new BackupFailures.LedgerOfAnotherAccount();
        }

        var age = now.ToUnixTimeMilliseconds() - source.At;
        if (age > LedgerIsGoodFor.TotalMilliseconds || age < -ClockSkew.TotalMilliseconds)
        {
            return new BackupFailures.LedgerTooOld();
        }

        return source.ReadAt == copy.Here && !isNewest ? new BackupFailures.LedgerOfTheCopy() : null;
    }

    /// <summary>How many documents were erased again, by this run; or <see cref="BackupFailures.LedgerDiffers"/>.</summary>
    /// <param name="tenants">All that are registered in the copy.</param>
    public static async Task<Outcome<int>> RunAsync(
        CosmosStorage copy, IReadOnlyCollection<TenantId> tenants, ErasureFileContent newest, CancellationToken cancellation)
    {
        var erased = 0;
        foreach (var tenant in tenants)
        {
            try
            {
                // A tenant that the file does not name never erased; if the copy knows better, the file is not its own.
                erased += await ReapplyErasures.RunAsync(
                    copy.For(tenant), newest.Ledgers.GetValueOrDefault(tenant, []), cancellation);
            }
            catch (ErasureLedgerDiffersException)
            {
                return new BackupFailures.LedgerDiffers();
            }
        }

        await copy.Origin.TakeOverAsync(cancellation);
        return erased;
    }
}
