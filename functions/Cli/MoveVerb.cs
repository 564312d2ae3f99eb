using System.CommandLine;
using PracticPro.Kernel;
using PracticPro.Storage.Drivers.Cosmos;

namespace PracticPro.Cli;

/// <summary>
/// <c>move TENANT --to dedicated|shared</c>: moves a practice between the shared database and one of its own, while it
/// works (ISO-2). Called again it goes on with a move that was cut short. On one machine each practice has a file of its
/// own already, and there is nothing to move.
/// </summary>
internal static class MoveVerb
{
    public static Command Command(CliCall call)
    {
        var practice = new Argument<string>("tenant") { Description = "The practice's tenant id." };
        var to = new Option<HomeKind>("--to") { Description = "dedicated: a database of its own; shared: the common one.", Required = true };
        var yes = new Option<bool>("--yes") { Description = "Does not ask first." };
        var command = new Command("move", "Moves a practice to a database of its own, or back, while it works.") { practice, to, yes };
        command.SetAction((parsed, cancellation) => RunAsync(
            call, parsed.GetRequiredValue(practice), parsed.GetValue(to), parsed.GetValue(yes), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(CliCall call, string text, HomeKind to, bool yes, CancellationToken cancellation)
    {
        if (!TenantId.TryParse(text, out var tenant))
        {
            return await call.RefuseAsync("That is not a tenant id.", ExitCodes.Usage);
        }

        await using var opened = await OpenedFolder.OpenAsync(call.Settings, cancellation);
        if (opened.Find<CosmosStorage>() is not { } storage)
        {
            return await call.RefuseAsync("On this machine each practice has a file of its own already.", ExitCodes.Failed);
        }

        if (!yes && !await IsMeantAsync(call, to, cancellation))
        {
            return await call.RefuseAsync("Nothing was moved.", ExitCodes.Failed);
        }

        var outcome = await storage.Mover.RunAsync(tenant, to, cancellation);
        if (outcome is MoveOutcome.Moved)
        {
            await call.Output.WriteLineAsync(to == HomeKind.Dedicated ? "It has a database of its own now." : "It lives in the shared database now.");
            return ExitCodes.Done;
        }

        return await call.RefuseAsync(
            outcome is MoveOutcome.Unknown
                ? "There is no such practice, or it has stored nothing yet."
                : "Both sides did not come to hold the same, so it lives where it lived. Nothing is lost; try again when it is quieter.",
            ExitCodes.Failed);
    }

    private static async Task<bool> IsMeantAsync(CliCall call, HomeKind to, CancellationToken cancellation)
    {
        await call.Error.WriteLineAsync(
            $"Its writes will wait for some seconds at the end. Move it to the {(to == HomeKind.Dedicated ? "database of its own" : "shared database")}? Type yes.");
        return await call.Input.ReadLineAsync(cancellation) == "yes";
    }
}
