using System.CommandLine;
using System.Globalization;
using PracticPro.Audit.Verify;
using PracticPro.Keys.Destruction;

namespace PracticPro.Cli;

/// <summary>
/// <c>verify-certificate FILE --key PEM</c>: whether a certificate of destruction is what the holder of that key signed.
/// Needs no data folder and no network. 0: it is; 1: it is not; 2: a file cannot be read as what it should be.
/// </summary>
internal static class VerifyCertificateVerb
{
    public static Command Command(CliCall call)
    {
        var file = new Argument<string>("FILE") { Description = "The certificate, as destroy-keys --show prints it." };
        var key = new Option<string>("--key") { Description = "The platform's public key, a PEM file.", Required = true };
        var command = new Command("verify-certificate", "Checks a certificate of destruction with a public key alone.") { file, key };
        command.SetAction((parsed, cancellation) =>
            RunAsync(call, parsed.GetRequiredValue(file), parsed.GetRequiredValue(key), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(CliCall call, string file, string keyFile, CancellationToken cancellation)
    {
        if (await ReadAsync(keyFile, cancellation) is not { } pem || !CheckpointKey.TryParse(pem, out var key))
        {
            return await call.RefuseAsync("--key is not a readable PEM file with one public P-256 key.", ExitCodes.Usage);
        }

        if (await ReadAsync(file, cancellation) is not { } text || !CertificateNote.TryParse(text, out var note))
        {
            return await call.RefuseAsync("FILE is not a readable certificate of destruction.", ExitCodes.Usage);
        }

        if (!note.IsSignedBy(key))
        {
            await call.Output.WriteLineAsync("Not good: this text was not signed by this key. It was changed, or another key signed it.");
            return ExitCodes.Failed;
        }

        var facts = note.Facts;
        await call.Output.WriteLineAsync(Text($"Good: signed by {key.KeyId}."));
        await call.Output.WriteLineAsync(facts is { IsFinal: true, FinalAt: { } finalAt }
            ? Text($"The keys of {facts.Tenant} are destroyed for good, final since {Time(finalAt)}. {facts.Samples} samples.")
            : Text($"The keys of {facts.Tenant} are destroyed, sealed since {Time(facts.SealedAt)}; final not before {Time(facts.FinalFrom)}: until then a copy may exist. {facts.Samples} samples."));
        return ExitCodes.Done;
    }

    private static async Task<string?> ReadAsync(string path, CancellationToken cancellation) =>
        File.Exists(path) && new FileInfo(path).Length <= CertificateNote.MaximumLength
            ? await File.ReadAllTextAsync(path, cancellation)
            : null;

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
