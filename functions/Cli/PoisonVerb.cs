using System.CommandLine;
using System.Globalization;
using PracticPro.Hosting.Poison;
using PracticPro.Kernel;

namespace PracticPro.Cli;

/// <summary>
/// <c>poison list|replay [--tenant T]</c>: messages that were given up on. A line a queue: owner, queue, number, with tabs
/// between. Nothing of a message is shown.
/// </summary>
internal static class PoisonVerb
{
    public static Command Command(CliCall call) => new("poison", "Messages that were given up on.")
    {
        Verb(call, "list", "Shows whose they are, and how many.", static (poison, whose, stop) => poison.ListAsync(whose, stop)),
        Verb(call, "replay", "Has them tried again. Shows how many were put back.", static (poison, whose, stop) => poison.RunAsync(whose, stop)),
    };

    private static Command Verb(
        CliCall call, string name, string about,
        Func<ReplayPoison, IReadOnlyList<TenantId>, CancellationToken, IAsyncEnumerable<PoisonCount>> act)
    {
        var tenant = new Option<string?>("--tenant") { Description = "Only this practice's. Without it: all, and the platform's own." };
        var command = new Command(name, about) { tenant };
        command.SetAction((line, cancellation) => RunAsync(call, line.GetValue(tenant), act, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        CliCall call, string? tenantText, Func<ReplayPoison, IReadOnlyList<TenantId>, CancellationToken, IAsyncEnumerable<PoisonCount>> act,
        CancellationToken cancellation)
    {
        List<TenantId> whose = [];
        if (tenantText is not null)
        {
            if (!TenantId.TryParse(tenantText, out var tenant))
            {
                return await call.RefuseAsync("--tenant is not a tenant id.", ExitCodes.Usage);
            }

            whose.Add(tenant);
        }

        await using var opened = await OpenedFolder.OpenAsync(call.Settings, cancellation);
        if (whose is [var one] && !await opened.HasAsync(one, cancellation))
        {
            return await call.RefuseAsync("The data folder has no such practice.", ExitCodes.Failed);
        }

        await foreach (var found in act(opened.Of<ReplayPoison>(), whose, cancellation))
        {
            await call.Output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"{found.Owner}\t{found.Queue}\t{found.Count}"));
        }

        return ExitCodes.Done;
    }
}
