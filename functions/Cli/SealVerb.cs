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

    /// <param name="folder">The scratch vault's folder, or null for <see cref="ScratchVault.DefaultFolder"/>.</param>
    /// <returns>0 when every line was read, whatever its answer.</returns>
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
        if (!SealLine.Parse(line, "plaintext").Try(out var parsed, out var why))
        {
            return SealLine.Answer(why);
        }

        if (parsed.Bytes.Length > SealedFormat.MaximumPlaintextBytes)
        {
            return SealLine.Answer(new PlaintextTooLong());
        }

        try
        {
            var keys = await vault.KeysAsync(parsed.Tenant, cancellation);
            var value = keys.Seal(Purpose.Records, parsed.Context, parsed.Bytes);
            return SealLine.Answer("sealed", Convert.ToBase64String(value.Span));
        }
        catch (UnexpectedFailureException unusable)
        {
            return SealLine.Answer(unusable.Failure);
        }
    }

    internal sealed record PlaintextTooLong() : Failure.TooLarge("plaintext-too-long", "Plaintext is 64 MiB at most.");
}
