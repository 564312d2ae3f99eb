using System.CommandLine;
using PracticPro.Vault;

namespace PracticPro.Cli;

/// <summary>
/// <c>open</c>: JSON lines <c>{"tenant","kind","id","field","sealed"}</c> in, one line each out, in order:
/// <c>{"plaintext"}</c> or <c>{"error"}</c> with a code. A bad line is answered and the next one read. Bytes are base64.
/// </summary>
internal static class OpenVerb
{
    public static Command Command(CliCall call)
    {
        var folder = ScratchVault.FolderOption();
        var command = new Command("open", "Opens what seal sealed, JSON lines again.") { folder };
        command.SetAction((parsed, cancellation) =>
            RunAsync(call.Input, call.Output, parsed.GetValue(folder), cancellation));
        return command;
    }

    public static Task<int> RunAsync(
        TextReader input, TextWriter output, string? folder, CancellationToken cancellation) =>
        AnswerSealLines.RunAsync(input, output, folder, "sealed", Answer, cancellation);

    private static string Answer(TenantKeys keys, SealLine line)
    {
        if (!keys.Open(Purpose.Records, line.Context, new SealedBytes(line.Bytes)).Try(out var plain, out var shut))
        {
            return SealLine.Answer(shut);
        }

        using (plain)
        {
            return SealLine.Answer("plaintext", Convert.ToBase64String(plain.Span));
        }
    }
}
