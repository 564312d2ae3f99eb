using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.Backup;
using PracticPro.Backup.Drivers.Embedded;
using PracticPro.Backup.Drivers.Folder;
using PracticPro.Hosting;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault.Drivers.Local;

namespace PracticPro.Cli;

/// <summary>
/// <c>restore --into FOLDER</c>: a backup as it was at a moment, in a folder of its own. The live folder is not touched: who
/// wants the restored one points the program at it. Asks first.
/// </summary>
internal static class RestoreVerb
{
    public static Command Command(CliCall call)
    {
        var to = new Option<string?>("--to") { Description = "The moment, such as 2027-03-01T09:30:00Z. Default: the newest that is covered." };
        var into = new Option<string>("--into") { Description = "The folder to restore into; empty, or not there yet.", Required = true };
        var from = FromOption();
        var erasures = new Option<string?>("--erasures")
        {
            Description = "A file of erasures that knows more than the backup, from backup erasures.",
        };
        var yes = new Option<bool>("--yes") { Description = "Does not ask." };
        var command = new Command("restore", "Restores a backup to a moment, into a folder of its own.") { to, into, from, erasures, yes, ReleaseVerb.Command(call) };
        command.SetAction((parsed, cancellation) => RunAsync(
            call,
            new Wish(
                parsed.GetValue(to),
                Path.GetFullPath(parsed.GetRequiredValue(into)),
                parsed.GetValue(from),
                parsed.GetValue(erasures),
                parsed.GetValue(yes)),
            cancellation));
        return command;
    }

    public static Option<string?> FromOption() => new("--from") { Description = "The backup's folder. Default: Backup:Folder." };

    private static async Task<int> RunAsync(CliCall call, Wish wish, CancellationToken cancellation)
    {
        var options = OpenedFolder.Settings(call.Settings);
        DateTimeOffset? to = null;
        if (wish.To is { } text)
        {
            if (!TryMoment(text, out var moment))
            {
                return await call.RefuseAsync("--to takes a moment such as 2027-03-01T09:30:00Z.", ExitCodes.Usage);
            }

            to = moment;
        }

        if ((wish.From ?? options.Backup.Folder) is not { Length: > 0 } from)
        {
            return await call.RefuseAsync("--from names the backup's folder, or Backup:Folder does.", ExitCodes.Usage);
        }

        var ledgers = ReadLedgers(wish.Erasures);
        if (!ledgers.Try(out var live, out var why))
        {
            return await call.RefuseAsync(why);
        }

        if (!wish.Yes && !await AgreedAsync(call, wish.Into, cancellation))
        {
            return await call.RefuseAsync("Not restored.", ExitCodes.Failed);
        }

        var time = OffsetClock.Of(options.Clock);
        using var vault = await LocalVault.OpenAsync(
            options.Standalone.KeyFilePath, time, NullLogger.Instance, cancellation);
        var restore = new RestoreBackup(new FolderTarget(from), new PieceKeys(vault.KeyEncryption), time);
        try
        {
            var outcome = await restore.RunAsync(wish.Into, to, live, cancellation);
            return outcome.Try(out var done, out why) ? await SayAsync(call, done, wish.Into) : await call.RefuseAsync(why);
        }
        catch (BackupDamagedException damage)
        {
            return await call.RefuseAsync($"{damage.Message} The piece: {damage.Piece}. Nothing was restored.", ExitCodes.Failed);
        }
    }

    internal static bool TryMoment(string text, out DateTimeOffset moment) => DateTimeOffset.TryParse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out moment);

    private static Outcome<ImmutableDictionary<TenantId, ImmutableArray<ErasureEntry>>> ReadLedgers(string? path)
    {
        if (path is null)
        {
            return ImmutableDictionary<TenantId, ImmutableArray<ErasureEntry>>.Empty;
        }

        if (!File.Exists(path))
        {
            return new BackupFailures.LedgerUnreadable();
        }

        using var file = File.OpenText(path);
        return ErasureFile.Read(file);
    }

    private static async Task<bool> AgreedAsync(CliCall call, string into, CancellationToken cancellation)
    {
        await call.Error.WriteLineAsync($"Restores into {into}. What was erased since is erased there again. Go on? [y/N]");
        return await call.Input.ReadLineAsync(cancellation) is "y" or "Y" or "yes";
    }

    private static async Task<int> SayAsync(CliCall call, RestoreResult done, string into)
    {
        foreach (var absent in done.Absent)
        {
            await call.Error.WriteLineAsync($"practicpro: {absent} began after that moment and is not in it.");
        }

        foreach (var unreadable in done.Unreadable)
        {
            await call.Error.WriteLineAsync($"practicpro: The key of {unreadable} is gone; its backup is unreadable for good.");
        }

        await call.Output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"Restored to {done.To:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}: {done.Files} files, {done.Blobs} blobs, {done.ErasedAgain} documents erased again. In {into}"));
        return ExitCodes.Done;
    }

    private sealed record Wish(string? To, string Into, string? From, string? Erasures, bool Yes);
}
