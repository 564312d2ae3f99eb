using System.CommandLine;

namespace PracticPro.Cli.Drill;

/// <summary>
/// <c>restore-drill</c>: rehearses the restore and says whether it holds. Without more, on a store of its own that a second
/// process writes to until it is killed; with <c>--from</c> and <c>--source</c>, on a real backup and the stopped store it is of.
/// A table of what was looked at, then one line of JSON; exit code 1 when anything did not hold.
/// </summary>
internal static class RestoreDrillVerb
{
    public static Command Command(CliCall call)
    {
        var from = RestoreVerb.FromOption();
        var source = new Option<string?>("--source") { Description = "With --from: the data folder the backup is of. No server may run on it." };
        var marks = new Option<int>("--marks") { Description = "Moments that are restored and compared.", DefaultValueFactory = static _ => 6 };
        var write = new Option<string?>("--write") { Description = "For the drill itself: writes to a store in this folder until killed.", Hidden = true };
        var command = new Command("restore-drill", "Rehearses a restore, from the backup to a verdict.") { from, source, marks, write };
        command.SetAction((parsed, cancellation) => (parsed.GetValue(write), parsed.GetValue(source)) switch
        {
            ({ } folder, _) => DrillWriter.RunAsync(folder, call.Output, cancellation),
            (_, { } folder) => RealDrill.RunAsync(call, parsed.GetValue(from), folder, cancellation),
            _ => RunAsync(call, parsed.GetValue(marks), cancellation),
        });
        return command;
    }

    private static async Task<int> RunAsync(CliCall call, int marks, CancellationToken cancellation)
    {
        var work = Directory.CreateTempSubdirectory("practicpro-drill-").FullName;
        var verdict = new DrillVerdict(call.Output);
        try
        {
            await new DrillRun(work, Math.Max(marks, 3), verdict).RunAsync(cancellation);
        }
        finally
        {
            // What failed is kept, to be looked into.
            if (verdict.Holds)
            {
                Directory.Delete(work, recursive: true);
            }
        }

        return await verdict.EndAsync() ? ExitCodes.Done : ExitCodes.Failed;
    }
}
