using PracticPro.Kernel;
using PracticPro.Vault;

namespace PracticPro.Cli;

/// <summary>What <c>seal</c> and <c>open</c> share: JSON lines in, one line each out, in order, over a scratch vault.</summary>
internal static class AnswerSealLines
{
    /// <summary>Characters: the longest plaintext in base64, and room for places that are written in escapes.</summary>
    private const int LongestLine = 128 * 1024 * 1024;

    /// <param name="folder">The scratch vault's folder, or null for <see cref="ScratchVault.DefaultFolder"/>.</param>
    /// <param name="content">Name of the member that holds the bytes.</param>
    /// <param name="answer">The answer to a line that could be read.</param>
    /// <param name="longest">Characters of the longest line that is held; a longer one is answered unread.</param>
    /// <returns>0 when every line was read, whatever its answer.</returns>
    public static async Task<int> RunAsync(
        TextReader input,
        TextWriter output,
        string? folder,
        string content,
        Func<TenantKeys, SealLine, string> answer,
        CancellationToken cancellation,
        int longest = LongestLine)
    {
        using var vault = await ScratchVault.OpenAsync(folder, TimeProvider.System, cancellation);
        var lines = new BoundedLines(input, longest);
        while (await lines.NextAsync(cancellation) is { } line)
        {
            var answered = SealLine.Parse(line.Text, content).Try(out var parsed, out var why)
                ? await AnswerAsync(vault, parsed, answer, cancellation)
                : SealLine.Answer(why);
            await output.WriteAsync($"{answered}\n".AsMemory(), cancellation);
            await output.FlushAsync(cancellation);
        }

        return 0;
    }

    private static async ValueTask<string> AnswerAsync(
        ScratchVault vault, SealLine line, Func<TenantKeys, SealLine, string> answer, CancellationToken cancellation)
    {
        try
        {
            return answer(await vault.KeysAsync(line.Tenant, cancellation), line);
        }
        catch (UnexpectedFailureException unusable)
        {
            return SealLine.Answer(unusable.Failure);
        }
    }
}
