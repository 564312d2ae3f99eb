using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.Backup;
using PracticPro.Backup.Drivers.Embedded;
using PracticPro.Backup.Drivers.Folder;
using PracticPro.Hosting;
using PracticPro.Hosting.OnAzure;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Storage.Drivers.Cosmos;
using PracticPro.Vault.Drivers.Local;

namespace PracticPro.Cli;

/// <summary>
/// <c>backup status | now | erasures</c>: how the backup stands (also beside a running server), a round of it, and the
/// ledgers of erasures for <c>restore --erasures</c> (both on a folder no server runs on; those of an account also beside
/// running servers, for <c>restore release</c>).
/// </summary>
internal static class BackupVerb
{
    public static Command Command(CliCall call)
    {
        var from = RestoreVerb.FromOption();
        var status = new Command("status", "Up to when everything is in the backup.") { from };
        status.SetAction((parsed, cancellation) => StatusAsync(call, parsed.GetValue(from), cancellation));
        var now = new Command("now", "Copies what is new. A running server does so by itself.");
        now.SetAction((_, cancellation) => NowAsync(call, cancellation));
        var erasures = new Command("erasures", "Prints what was erased, by kind and id, for restore --erasures.");
        erasures.SetAction((_, cancellation) => ErasuresAsync(call, cancellation));
        return new Command("backup", "The backup of the data folder.") { status, now, erasures };
    }

    private static async Task<int> StatusAsync(CliCall call, string? from, CancellationToken cancellation)
    {
        var options = OpenedFolder.Settings(call.Settings);
        if ((from ?? options.Backup.Folder) is not { Length: > 0 } folder)
        {
            return await call.RefuseAsync("There is no backup: Backup:Folder is not set.", ExitCodes.Failed);
        }

        var time = OffsetClock.Of(options.Clock);
        using var vault = await LocalVault.OpenAsync(
            options.Standalone.KeyFilePath, time, NullLogger.Instance, cancellation);
        try
        {
            var read = await new RestoreBackup(new FolderTarget(folder), new PieceKeys(vault.KeyEncryption), time)
                .ReadHeadAsync(cancellation);
            if (!read.Try(out var head, out var why))
            {
                return await call.RefuseAsync(why);
            }

            var until = DateTimeOffset.FromUnixTimeMilliseconds(head.CoveredUntil());
            await call.Output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"Covered up to {until:yyyy-MM-dd'T'HH:mm:ss'Z'}, {(long)(time.GetUtcNow() - until).TotalSeconds} seconds ago. {head.Streams.Count} streams."));
            return ExitCodes.Done;
        }
        catch (BackupDamagedException damage)
        {
            return await call.RefuseAsync($"{damage.Message} The piece: {damage.Piece}.", ExitCodes.Failed);
        }
    }

    private static async Task<int> NowAsync(CliCall call, CancellationToken cancellation)
    {
        if (!OpenedFolder.Settings(call.Settings).Backup.IsOn)
        {
            return await call.RefuseAsync("There is no backup: Backup:Folder is not set.", ExitCodes.Failed);
        }

        await using var folder = await OpenedFolder.OpenAsync(call.Settings, cancellation);
        var standing = await folder.Of<EmbeddedBackup>().RunAsync(cancellation);
        if (standing.Trouble is { } trouble)
        {
            return await call.RefuseAsync($"The backup stands still: {trouble}.", ExitCodes.Failed);
        }

        await call.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{standing.Streams} files are in the backup."));
        return ExitCodes.Done;
    }

    private static async Task<int> ErasuresAsync(CliCall call, CancellationToken cancellation)
    {
        var options = OpenedFolder.Settings(call.Settings);
        if (options.Azure.IsSet)
        {
            var time = OffsetClock.Of(options.Clock);
            await using var records = await OpenAzure.CopyAsync(options.Azure, time, NullLoggerFactory.Instance, cancellation);
            await WriteErasuresAsync(call.Output, records, time, cancellation);
            return ExitCodes.Done;
        }

        await using var folder = await OpenedFolder.OpenAsync(call.Settings, cancellation);
        var tenants = new List<TenantId>();
        await foreach (var tenant in folder.Of<IFleet>().TenantsAsync(cancellation))
        {
            tenants.Add(tenant);
        }

        await ErasureFile.WriteAsync(call.Output, folder.Of<IStorage>(), tenants, cancellation);
        return ExitCodes.Done;
    }

    /// <summary>The ledgers of an account, a restored copy too, and the line that says of which and when.</summary>
    internal static async Task WriteErasuresAsync(
        TextWriter file, CosmosStorage records, TimeProvider time, CancellationToken cancellation)
    {
        var at = time.GetUtcNow().ToUnixTimeMilliseconds();
        var standing = await records.Origin.ReadAsync(cancellation);
        var tenants = await records.Fleet.TenantsAsync(cancellation).ToListAsync(cancellation);
        var entries = await ErasureFile.WriteAsync(file, records, tenants, cancellation);
        await ErasureFile.CloseAsync(file, new ErasureSource(standing.Origin ?? standing.Here, standing.Here, at, entries));
    }
}
