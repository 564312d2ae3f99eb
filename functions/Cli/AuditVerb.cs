using System.CommandLine;
using System.Globalization;
using PracticPro.Audit;
using PracticPro.Kernel;

namespace PracticPro.Cli;

/// <summary>
/// <c>audit export TENANT FOLDER</c>: a practice's whole audit log as files that <c>verify-audit</c> checks without
/// this program's data. For a data folder no server runs on; a running one exports over HTTP.
/// </summary>
internal static class AuditVerb
{
    private static readonly Actor Operator = new Actor.Job("command-line");

    public static Command Command(CliCall call)
    {
        var tenant = new Argument<string>("TENANT") { Description = "The practice's tenant id." };
        var folder = new Argument<string>("FOLDER") { Description = "Where to write it; must not exist." };
        var values = new Option<bool>("--with-values")
        {
            Description = "Also the personal values that were not erased, in the clear. Without it: their commitments only.",
        };
        var export = new Command("export", "Writes a practice's audit log into a folder.") { tenant, folder, values };
        export.SetAction((parsed, cancellation) => ExportAsync(
            call,
            parsed.GetRequiredValue(tenant),
            parsed.GetRequiredValue(folder),
            parsed.GetValue(values) ? AuditDisclosure.WithValues : AuditDisclosure.LeavesOnly,
            cancellation));
        return new Command("audit", "The audit log.") { export };
    }

    private static async Task<int> ExportAsync(
        CliCall call, string tenantText, string folder, AuditDisclosure disclosure, CancellationToken cancellation)
    {
        if (!TenantId.TryParse(tenantText, out var tenant))
        {
            return await call.RefuseAsync("TENANT is not a tenant id.", ExitCodes.Usage);
        }

        await using var opened = await OpenedFolder.OpenAsync(call.Settings, cancellation);
        if (!await opened.HasAsync(tenant, cancellation))
        {
            return await call.RefuseAsync("The data folder has no such practice.", ExitCodes.Failed);
        }

        var export = await opened.Of<AuditTrails>().OpenExportAsync(tenant, cancellation);
        var outcome = await export.ExecuteAsync(Path.GetFullPath(folder), Operator, disclosure, cancellation);
        if (!outcome.Try(out var done, out var why))
        {
            return await call.RefuseAsync(why);
        }

        await call.Output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"{done.Note.Checkpoint.Size} entries written to {done.Folder}"));
        return ExitCodes.Done;
    }
}
