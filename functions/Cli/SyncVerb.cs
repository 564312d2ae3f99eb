using System.CommandLine;
using System.Globalization;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams.Journal;

namespace PracticPro.Cli;

/// <summary>
/// <c>sync replay CONNECTION</c>: understands again what the provider answered in the last days and says whether that gives what
/// is stored: <c>same, N steps, state SHA-256</c>, or the first record that differs, and then the answer to the shell is 1. For
/// a data folder no server runs on. Asks no provider, changes nothing.
/// </summary>
internal static class SyncVerb
{
    public static Command Command(CliCall call)
    {
        var connection = new Argument<string>("CONNECTION") { Description = "The connection's id." };
        var replay = new Command("replay", "Understands the last days' answers again and compares.") { connection };
        replay.SetAction((parsed, cancellation) => ReplayAsync(call, parsed.GetRequiredValue(connection), cancellation));
        return new Command("sync", "Keeping in step with providers.") { replay, WebhooksVerb.Command(call) };
    }

    private static async Task<int> ReplayAsync(CliCall call, string text, CancellationToken cancellation)
    {
        if (!ConnectionId.TryParse(text, out var connection))
        {
            return await call.RefuseAsync("CONNECTION is not a connection's id.", ExitCodes.Usage);
        }

        await using var opened = await OpenedFolder.OpenAsync(call.Settings, cancellation);
        await foreach (var tenant in opened.Of<IFleet>().TenantsAsync(cancellation))
        {
            if (await TryReplayAsync(opened, tenant, connection, cancellation) is { } verdict)
            {
                await call.Output.WriteLineAsync(InWords(verdict));
                return verdict is ReplayVerdict.Same ? ExitCodes.Done : ExitCodes.Failed;
            }
        }

        return await call.RefuseAsync("The data folder has no such connection.", ExitCodes.Failed);
    }

    /// <summary>Null when it is not this practice's, or its keys were destroyed.</summary>
    private static async Task<ReplayVerdict?> TryReplayAsync(
        OpenedFolder opened, TenantId tenant, ConnectionId connection, CancellationToken cancellation)
    {
        try
        {
            var outcome = await opened.Of<ReplaySync>().RunAsync(tenant, connection, cancellation);
            return outcome.Try(out var verdict, out _) ? verdict : null;
        }
        catch (UnexpectedFailureException gone) when (gone.Failure is Failure.Gone)
        {
            return null;
        }
    }

    private static string InWords(ReplayVerdict verdict) => verdict switch
    {
        ReplayVerdict.Same same =>
            string.Create(CultureInfo.InvariantCulture, $"same, {same.Steps} steps, state {same.State}"),
        ReplayVerdict.Differs differs => string.Create(
            CultureInfo.InvariantCulture,
            $"differs: stream {Or(differs.Stream)}, step {differs.Step}, item {Or(differs.Item)}: {differs.Why}"),
        _ => throw new InvalidOperationException("An unknown verdict."),
    };

    private static string Or(string word) => word.Length > 0 ? word : "-";
}
