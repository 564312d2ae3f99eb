using System.CommandLine;
using System.Globalization;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync;
using PracticPro.Sync.Published;
using PracticPro.Sync.Webhooks;

namespace PracticPro.Cli;

/// <summary>
/// <c>sync webhooks replay CONNECTION</c>: has the loop of a connection go through the notifications of the last seven days
/// again. One line: how many there were. The loop takes them when the server runs.
/// </summary>
internal static class WebhooksVerb
{
    public static Command Command(CliCall call) =>
        new("webhooks", "Notifications of providers, kept for seven days.") { Replay(call) };

    private static Command Replay(CliCall call)
    {
        var connection = new Argument<string>("CONNECTION") { Description = "The connection's id." };
        var command = new Command("replay", "Goes through them again. Shows how many there were.") { connection };
        command.SetAction((line, cancellation) => ReplayAsync(call, line.GetValue(connection)!, cancellation));
        return command;
    }

    private static async Task<int> ReplayAsync(CliCall call, string text, CancellationToken cancellation)
    {
        if (!ConnectionId.TryParse(text, out var id))
        {
            return await call.RefuseAsync("CONNECTION is not a connection's id.", ExitCodes.Usage);
        }

        await using var opened = await OpenedFolder.OpenAsync(call.Settings, cancellation);
        if (await OwnerOfAsync(opened, id, cancellation) is not { } tenant)
        {
            return await call.RefuseAsync(new SyncFailures.NoSuchConnection().Message, ExitCodes.Failed);
        }

        var outcome = await opened.Of<ReplayWebhooks>().RunAsync(tenant, id, cancellation);
        if (!outcome.Try(out var count, out var why))
        {
            return await call.RefuseAsync(why.Message, ExitCodes.Failed);
        }

        await call.Output.WriteLineAsync(count.ToString(CultureInfo.InvariantCulture));
        return ExitCodes.Done;
    }

    private static async Task<TenantId?> OwnerOfAsync(OpenedFolder opened, ConnectionId id, CancellationToken cancellation)
    {
        await foreach (var tenant in opened.Of<IFleet>().TenantsAsync(cancellation))
        {
            if (await opened.Of<TenantScopes>().FindAsync(tenant, cancellation) is { } scope
                && await scope.FindAsync(SyncKinds.Connection, id.Text, cancellation) is not null)
            {
                return tenant;
            }
        }

        return null;
    }
}
