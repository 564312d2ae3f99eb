using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.Backup;
using PracticPro.Backup.Drivers.Cosmos;
using PracticPro.Hosting;
using PracticPro.Hosting.OnAzure;
using PracticPro.Kernel;
using PracticPro.Storage.Drivers.Cosmos;

namespace PracticPro.Cli;

/// <summary>
/// <c>restore release --erasures FILE</c>: makes an account that Azure restored one that the program opens. With
/// <c>Azure:Cosmos:Endpoint</c> at the restored account; asks first; called again it goes on where it was ended.
/// </summary>
internal static class ReleaseVerb
{
    public static Command Command(CliCall call)
    {
        var erasures = new Option<string>("--erasures")
        {
            Description = "What backup erasures wrote of the account this one was restored from, within the last day.",
            Required = true,
        };
        var newest = new Option<bool>("--newest")
        {
            Description = "The account this one was restored from is lost, and this is the newest copy there is.",
        };
        var yes = new Option<bool>("--yes") { Description = "Does not ask." };
        var command = new Command("release", "Erases in a restored Azure account what was erased since, and lets the program open it.")
        {
            erasures, newest, yes,
        };
        command.SetAction((parsed, cancellation) => RunAsync(
            call,
            new Wish(parsed.GetRequiredValue(erasures), parsed.GetValue(newest), parsed.GetValue(yes)),
            cancellation));
        return command;
    }

    /// <summary>The same on an account that is opened already.</summary>
    internal static async Task<int> RunAsync(
        CliCall call, CosmosStorage copy, TimeProvider time, Wish wish, CancellationToken cancellation)
    {
        if (!Read(wish.Erasures).Try(out var newest, out var why))
        {
            return await call.RefuseAsync(why);
        }

        var standing = await copy.Origin.ReadAsync(cancellation);
        if (!standing.IsCopy)
        {
            await call.Output.WriteLineAsync("This account is released, or was never a copy. Nothing was done.");
            return ExitCodes.Done;
        }

        if (ReleaseCopy.Against(standing, newest.Source, time.GetUtcNow(), wish.IsNewest) is { } against)
        {
            return await call.RefuseAsync(against);
        }

        if (!wish.Yes && !await AgreedAsync(call, cancellation))
        {
            return await call.RefuseAsync("Not released.", ExitCodes.Failed);
        }

        // A tenant that was changing its home at the moment takes no writes before that is done.
        await copy.Mover.ResumeAsync(onlyStale: false, cancellation);
        var tenants = await copy.Fleet.TenantsAsync(cancellation).ToListAsync(cancellation);
        var outcome = await ReleaseCopy.RunAsync(copy, tenants, newest, cancellation);
        if (!outcome.Try(out var erased, out why))
        {
            return await call.RefuseAsync(why);
        }

        await call.Output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"Released: {tenants.Count} practices, {erased} documents erased again."));
        return ExitCodes.Done;
    }

    private static async Task<int> RunAsync(CliCall call, Wish wish, CancellationToken cancellation)
    {
        var options = OpenedFolder.Settings(call.Settings);
        if (!options.Azure.IsSet)
        {
            return await call.RefuseAsync(
                "On this machine restore itself carries erasures out and releases what it restored.", ExitCodes.Failed);
        }

        var time = OffsetClock.Of(options.Clock);
        await using var copy = await OpenAzure.CopyAsync(options.Azure, time, NullLoggerFactory.Instance, cancellation);
        return await RunAsync(call, copy, time, wish, cancellation);
    }

    private static Outcome<ErasureFileContent> Read(string path)
    {
        if (!File.Exists(path))
        {
            return new BackupFailures.LedgerUnreadable();
        }

        using var file = File.OpenText(path);
        return ErasureFile.ReadWhole(file);
    }

    private static async Task<bool> AgreedAsync(CliCall call, CancellationToken cancellation)
    {
        await call.Error.WriteLineAsync(
            "Erases in this account what was erased in the one it was restored from, and lets the program open it. "
            + "Nobody may work on the other account any more. Go on? [y/N]");
        return await call.Input.ReadLineAsync(cancellation) is "y" or "Y" or "yes";
    }

    internal sealed record Wish(string Erasures, bool IsNewest, bool Yes);
}
