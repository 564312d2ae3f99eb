using System.CommandLine;
using System.Globalization;
using PracticPro.Keys.Destruction;
using PracticPro.Kernel;

namespace PracticPro.Cli;

/// <summary>
/// <c>destroy-keys TENANT --confirm TENANT</c>: destroys a practice's keys for good, and with them everything kept for it,
/// backups included. <c>destroy-keys TENANT --show</c> prints the certificate. Begun once it goes on by itself wherever the
/// program runs; given again it goes on from where it is.
/// </summary>
internal static class DestroyKeysVerb
{
    private const int UsualPatience = 120;

    private static readonly Actor Asker = new Actor.Job("command-line");

    public static Command Command(CliCall call)
    {
        var tenant = new Argument<string>("TENANT") { Description = "The practice's id." };
        var confirm = new Option<string?>("--confirm") { Description = "The practice's id once more. There is no way back." };
        var wait = new Option<int>("--wait")
        {
            Description = "Seconds to wait for processes to let go of the keys, before the certificate is left to the program.",
            DefaultValueFactory = static _ => UsualPatience,
        };
        var show = new Option<bool>("--show") { Description = "Prints the newest certificate instead." };
        var command = new Command(
            "destroy-keys", "Destroys a practice's keys for good: nothing kept for it can be opened any more, backups included.")
        {
            tenant, confirm, wait, show,
        };
        command.SetAction((parsed, cancellation) => RunAsync(
            call,
            parsed.GetRequiredValue(tenant),
            parsed.GetValue(confirm),
            parsed.GetValue(show) ? null : TimeSpan.FromSeconds(Math.Clamp(parsed.GetValue(wait), 0, 3600)),
            cancellation));
        return command;
    }

    /// <param name="patience">Null: nothing is destroyed, the certificate is shown.</param>
    private static async Task<int> RunAsync(
        CliCall call, string tenantText, string? confirmed, TimeSpan? patience, CancellationToken cancellation)
    {
        if (!TenantId.TryParse(tenantText, out var tenant))
        {
            return await call.RefuseAsync("TENANT is not a tenant id.", ExitCodes.Usage);
        }

        if (patience is not null && confirmed != tenantText)
        {
            return await call.RefuseAsync(
                "Nothing was done. This cannot be undone: give the same id again with --confirm.", ExitCodes.Usage);
        }

        await using var opened = await OpenedFolder.OpenAsync(call.Settings, cancellation);
        return patience is { } wait
            ? await DestroyAsync(call, opened, tenant, wait, cancellation)
            : await ShowAsync(call, opened, tenant, cancellation);
    }

    private static async Task<int> ShowAsync(CliCall call, OpenedFolder opened, TenantId tenant, CancellationToken cancellation)
    {
        if (await opened.Of<DestructionShelf>().FindAsync(tenant, cancellation) is null)
        {
            return await call.RefuseAsync(new DestructionFailures.NoneRecorded());
        }

        if (await opened.Of<DestructionCertificates>().FindAsync(tenant, cancellation) is not { } note)
        {
            return await call.RefuseAsync(new DestructionFailures.NotSealedYet());
        }

        await call.Output.WriteAsync(note.Text);
        return ExitCodes.Done;
    }

    private static async Task<int> DestroyAsync(
        CliCall call, OpenedFolder opened, TenantId tenant, TimeSpan patience, CancellationToken cancellation)
    {
        if (!await opened.HasAsync(tenant, cancellation))
        {
            return await call.RefuseAsync("The data folder has no such practice.", ExitCodes.Failed);
        }

        if (!(await opened.Of<AskDestruction>().RunAsync(tenant, Asker, cancellation)).Try(out var end, out var why))
        {
            return await call.RefuseAsync(why);
        }

        await call.Output.WriteLineAsync(Text(
            $"On record since {Time(end.AskedAt)}: {end.Documents} documents, {end.WrappedKeys.Length} data keys, {end.Samples.Length} samples kept to be tried."));
        var (steps, time) = (opened.Of<DestructionSteps>(), opened.Of<TimeProvider>());
        var state = end.State;
        while (true)
        {
            var answer = await steps.TakeAsync(tenant, cancellation);
            if (answer.State != state)
            {
                await call.Output.WriteLineAsync(Said(answer.State));
                state = answer.State;
            }

            if (answer.HasEnded)
            {
                return ExitCodes.Done;
            }

            if (answer.WaitUntil is not { } until)
            {
                continue;
            }

            if (state >= KeyEndState.Sealed || until - time.GetUtcNow() > patience)
            {
                await call.Output.WriteLineAsync(state >= KeyEndState.Sealed
                    ? Text($"Final not before {Time(until)}: until then a copy may exist that could bring a key back. The program ends it by itself.")
                    : Text($"The certificate follows at {Time(until)}. The program goes on by itself, or give this again."));
                return ExitCodes.Done;
            }

            await Task.Delay(until - time.GetUtcNow() + TimeSpan.FromSeconds(1), time, cancellation);
        }
    }

    private static string Said(KeyEndState state) => state switch
    {
        KeyEndState.Announced => "Announced: every process was told to let go of the keys.",
        KeyEndState.Deleted => "Deleted: the key is gone from the key store, the wrapped data keys are erased.",
        KeyEndState.Sealed => "Sealed: nobody can open anything, and the samples were refused. destroy-keys --show prints the certificate.",
        KeyEndState.Final => "Final: no copy is left that could bring a key back.",
        _ => "On record.",
    };

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
