using PracticPro.Backup;
using PracticPro.Kernel;
using PracticPro.Keys.Destruction;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Hosting.Status;

/// <summary>How one part of the grounds is.</summary>
/// <param name="Part">
/// <c>documents</c>, <c>blobs</c>, <c>keys</c>, <c>backup</c> where this program makes one, and <c>shredding</c> where keys of
/// a practice were destroyed.
/// </param>
/// <param name="State"><c>ok</c> or <c>unavailable</c>.</param>
/// <param name="Reason">A fixed phrase; null when all is well.</param>
/// <param name="Since">When this process first saw it fail, in a row; for the backup, up to when all is covered; for shredding, when it was last tried; null when all is well.</param>
internal sealed record PartStatus(string Part, string State, string? Reason, DateTimeOffset? Since)
{
    public const string Ok = "ok";
    public const string Unavailable = "unavailable";
}

/// <param name="State"><c>ok</c>, or <c>degraded</c> when a part is unavailable: then nothing is lost, and work waits.</param>
internal sealed record StatusPage(string State, IReadOnlyList<PartStatus> Parts)
{
    public const string Degraded = "degraded";

    public bool IsOk => State == PartStatus.Ok;
}

/// <summary>
/// Looks whether what the rooms stand on can be used now. Anybody may ask, so it looks once in five seconds, one look at
/// a time, and says nothing but fixed phrases.
/// </summary>
internal sealed class ShowStatus(
    IFleet fleet, IStorage storage, IVault vault, BackupStatus backup, IShreddingStatus shredding, TimeProvider time)
{
    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    // Never registered and never written to: what is looked for here is not there, and that is a good answer.
    private static readonly TenantId Nobody = TenantId.Parse("status-probe");
    private static readonly FleetKey NoEntry = new("status-probe", "none");
    private static readonly BlobName NoBlob = new("status/probe");

    private readonly SemaphoreSlim looking = new(1, 1);

    // By the machine's clock: one that was set back must not keep an old page for as long.
    private (StatusPage Page, long At)? last;

    public async Task<StatusPage> RunAsync(CancellationToken cancellation)
    {
        await looking.WaitAsync(cancellation);
        try
        {
            if (last is not { } known || time.GetElapsedTime(known.At) >= GoodFor)
            {
                last = (await LookAsync(cancellation), time.GetTimestamp());
            }

            return last.Value.Page;
        }
        finally
        {
            looking.Release();
        }
    }

    private async Task<StatusPage> LookAsync(CancellationToken cancellation)
    {
        PartStatus[] looked = await Task.WhenAll(
            PartAsync("documents", async stop => await fleet.FindAsync(NoEntry, stop), cancellation),
            PartAsync(
                "blobs",
                async stop =>
                {
                    await using var content = await storage.For(Nobody).Blobs.OpenReadAsync(NoBlob, stop);
                },
                cancellation),
            PartAsync("keys", async stop => await vault.ProbeAsync(stop), cancellation));
        List<PartStatus> parts = [.. looked];
        if (backup.Now.IsOn)
        {
            parts.Add(OfBackup(backup.Now));
        }

        // What it stands on was looked at above: when that cannot be used, nothing can be said of this.
        if (looked.All(static part => part.State == PartStatus.Ok) && await OfShreddingAsync(cancellation) is { } shredded)
        {
            parts.Add(shredded);
        }

        return new StatusPage(
            parts.All(static part => part.State == PartStatus.Ok) ? PartStatus.Ok : StatusPage.Degraded, parts);
    }

    // Nobody looks here: the backup says after each round how it stands.
    private static PartStatus OfBackup(BackupStanding now) => now.Trouble is { } trouble
        ? new PartStatus("backup", PartStatus.Unavailable, trouble, now.CoveredUntil)
        : new PartStatus("backup", PartStatus.Ok, null, null);

    private async Task<PartStatus?> OfShreddingAsync(CancellationToken cancellation)
    {
        ShreddingStanding? standing = null;
        var part = await PartAsync("shredding", async stop => standing = await shredding.NowAsync(stop), cancellation);
        return part.State == PartStatus.Ok && standing?.Trouble is { } trouble
            ? part with { State = PartStatus.Unavailable, Reason = trouble, Since = standing.TriedAt }
            : part.State == PartStatus.Ok && standing is null ? null : part;
    }

    private async Task<PartStatus> PartAsync(string part, Func<CancellationToken, Task> look, CancellationToken cancellation)
    {
        // Off this thread: a driver may work on its caller's.
        var looked = Task.Run(() => look(cancellation), cancellation);
        try
        {
            await looked.WaitAsync(Patience, time, cancellation);
            return new PartStatus(part, PartStatus.Ok, null, null);
        }
        catch (Exception trouble) when (!cancellation.IsCancellationRequested)
        {
            var before = last?.Page.Parts.FirstOrDefault(known => known.Part == part);
            return new PartStatus(part, PartStatus.Unavailable, ReasonOf(trouble), before?.Since ?? time.GetUtcNow());
        }
    }

    private static string ReasonOf(Exception trouble) => trouble switch
    {
        StorageUnavailableException store => store.Reason,
        KeyStoreUnavailableException keys => keys.Failure.Code,
        TimeoutException => "it does not answer in time",
        _ => "it answers with an error",
    };
}
