using System.CommandLine;
using System.Globalization;
using PracticPro.Keys.Rotation;
using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Cli;

/// <summary>
/// <c>rotate TENANT [--compromised] [--wait]</c>: begins the rotation of a practice's keys, or goes on with the one that is
/// under way, and shows how far it is. Where it must wait until every process knows the new keys it ends, and a running server
/// goes on by itself; with <c>--wait</c> it stays until all is done.
/// </summary>
internal static class RotateVerb
{
    private static readonly Actor Operator = new Actor.Job("operator");

    public static Command Command(CliCall call)
    {
        var tenant = new Argument<string>("tenant") { Description = "The practice's tenant id." };
        var compromised = new Option<bool>("--compromised")
        {
            Description = "Somebody may have keys who should not: everything at once, and everybody is signed out.",
        };
        var wait = new Option<bool>("--wait") { Description = "Stay until it is finished, some hours if need be." };
        var command = new Command("rotate", "Gives a practice new keys and seals everything anew.") { tenant, compromised, wait };
        command.SetAction((line, cancellation) => RunAsync(
            call, line.GetValue(tenant), line.GetValue(compromised), line.GetValue(wait), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        CliCall call, string? tenantText, bool compromised, bool wait, CancellationToken cancellation)
    {
        if (!TenantId.TryParse(tenantText, out var tenant))
        {
            return await call.RefuseAsync("The tenant is not a tenant id.", ExitCodes.Usage);
        }

        await using var opened = await OpenedFolder.OpenAsync(call.Settings, cancellation);
        if (!await opened.HasAsync(tenant, cancellation))
        {
            return await call.RefuseAsync("There is no such practice.", ExitCodes.Failed);
        }

        var stored = await KeyRotation.FindAsync(opened.Of<IStorage>().For(tenant).Documents, cancellation);
        var goesOn = stored is { Value.IsUnderWay: true } && (!compromised || stored.Value.Reason == RotationReason.Compromised);
        var id = goesOn ? stored!.Value.Id : await BeginAsync(opened, tenant, compromised, cancellation);
        return await AdvanceAsync(call, opened, tenant, id, wait, cancellation);
    }

    private static async Task<string> BeginAsync(
        OpenedFolder opened, TenantId tenant, bool compromised, CancellationToken cancellation)
    {
        var reason = compromised ? RotationReason.Compromised : RotationReason.Asked;
        return (await opened.Of<BeginRotation>().RunAsync(tenant, reason, Operator, cancellation)).Expect();
    }

    private static async Task<int> AdvanceAsync(
        CliCall call, OpenedFolder opened, TenantId tenant, string id, bool wait, CancellationToken cancellation)
    {
        var (time, advance) = (opened.Of<TimeProvider>(), opened.Of<AdvanceRotation>());
        string? said = null;
        while (true)
        {
            var answer = await advance.RunAsync(tenant, id, cancellation);
            if (answer.Rotation is not { } rotation)
            {
                return await call.RefuseAsync("Another rotation took the place of this one.", ExitCodes.Failed);
            }

            said = await SayAsync(call, rotation, said);
            if (answer.Ended)
            {
                return ExitCodes.Done;
            }

            var pause = (answer.WaitUntil ?? DateTimeOffset.MinValue) - time.GetUtcNow();
            if (!wait && rotation.Trouble is not null)
            {
                return await call.RefuseAsync($"It stopped and is tried again: {rotation.Trouble}.", ExitCodes.Failed);
            }

            if (!wait && rotation.WaitUntil is { } until)
            {
                await call.Output.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Nothing to do until {until:yyyy-MM-dd'T'HH:mm:ss'Z'}. A running server goes on then, or this command with --wait."));
                return ExitCodes.Done;
            }

            if (pause > TimeSpan.Zero)
            {
                await Task.Delay(pause, time, cancellation);
            }
        }
    }

    /// <summary>One line a stage, and one for every few thousand documents.</summary>
    private static async Task<string?> SayAsync(CliCall call, KeyRotation rotation, string? said)
    {
        var stage = Vault.IndexText.State(rotation.Stage);
        var line = rotation.Stage == RotationStage.Finished
            ? string.Create(CultureInfo.InvariantCulture, $"{stage}: {rotation.Resealed} documents sealed anew, {rotation.Kept.Length} purposes keep an old generation")
            : string.Create(CultureInfo.InvariantCulture, $"{stage}: {rotation.Looked / 2_500 * 2_500} documents looked at, {rotation.Resealed / 2_500 * 2_500} sealed anew");
        if (line != said)
        {
            await call.Output.WriteLineAsync(line);
        }

        return line;
    }
}
