using System.CommandLine;
using PracticPro.Kernel;
using PracticPro.Vault;

namespace PracticPro.Cli;

/// <summary>
/// <c>seal</c>: JSON lines <c>{"tenant","kind","id","field","plaintext"}</c> in, one line each out, in order:
/// <c>{"sealed"}</c> or <c>{"error"}</c> with a code. A bad line is answered and the next one read. Bytes are base64.
/// </summary>
internal static class SealVerb
{
    public static Command Command(CliCall call)
    {
        var folder = ScratchVault.FolderOption();
        var command = new Command("seal", "Seals JSON lines for trying it out, under the keys of a scratch vault.") { folder };
        command.SetAction((parsed, cancellation) =>
            RunAsync(call.Input, call.Output, parsed.GetValue(folder), cancellation));
        return command;
    }

    public static Task<int> RunAsync(
        TextReader input, TextWriter output, string? folder, CancellationToken cancellation) =>
        AnswerSealLines.RunAsync(input, output, folder, "plaintext", Answer, cancellation);

    private static string Answer(TenantKeys keys, SealLine line)
    {
        if (line.Bytes.Length > SealedFormat.MaximumPlaintextBytes)
        {
            return SealLine.Answer(new PlaintextTooLong());
        }

        var value = keys.Seal(Purpose.Records, line.Context, line.Bytes);
        return SealLine.Answer("sealed", Convert.ToBase64String(value.Span));
    }

    internal sealed record PlaintextTooLong() : Failure.TooLarge("plaintext-too-long", "Plaintext is 64 MiB at most.");
}
