using System.CommandLine;
using PracticPro.Kernel;
using PracticPro.Vault;

namespace PracticPro.Cli;

/// <summary>
/// <c>open</c>: JSON lines <c>{"tenant","kind","id","field","sealed"}</c> in, one line each out, in order:
/// <c>{"plaintext"}</c> or <c>{"error"}</c> with a code. A bad line is answered and the next one read. Bytes are
/// base64.
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

    /// <inheritdoc cref="SealVerb.RunAsync"/>
    public static async Task<int> RunAsync(
        TextReader input, TextWriter output, string? folder, CancellationToken cancellation)
    {
        using var vault = await ScratchVault.OpenAsync(folder, TimeProvider.System, cancellation);
        while (await input.ReadLineAsync(cancellation) is { } line)
        {
            var answer = await AnswerAsync(vault, line, cancellation);
            await output.WriteAsync($"{answer}\n".AsMemory(), cancellation);
            await output.FlushAsync(cancellation);
        }

        return 0;
    }

    private static async ValueTask<string> AnswerAsync(
        ScratchVault vault, string line, CancellationToken cancellation)
    {
        if (!SealLine.Parse(line, "sealed").Try(out var parsed, out var why))
        {
            return SealLine.Answer(why);
        }

        try
        {
            var keys = await vault.KeysAsync(parsed.Tenant, cancellation);
            var opened = keys.Open(Purpose.Records, parsed.Context, new SealedBytes(parsed.Bytes));
            if (!opened.Try(out var plain, out var shut))
            {
                return SealLine.Answer(shut);
            }

            using (plain)
            {
                return SealLine.Answer("plaintext", Convert.ToBase64String(plain.Span));
            }
        }
        catch (UnexpectedFailureException unusable)
        {
            return SealLine.Answer(unusable.Failure);
        }
    }
}
