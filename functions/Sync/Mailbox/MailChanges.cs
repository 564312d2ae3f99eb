using System.Collections.Immutable;

namespace PracticPro.Sync.Mailbox;

/// <summary>What one page of the provider's answers says about the mailbox: messages as they are now, and those gone.</summary>
/// <param name="Present">Each id at most once.</param>
/// <param name="Gone">Provider ids that the provider says it no longer has. None of them is in <paramref name="Present"/>.</param>
internal sealed record MailChanges(ImmutableArray<MailMessage> Present, ImmutableArray<string> Gone)
{
    public static readonly MailChanges None = new([], []);

    /// <summary>In parts that fit one atomic write each.</summary>
    public IEnumerable<MailChanges> InChunksOf(int size)
    {
        foreach (var part in Present.Chunk(size))
        {
            yield return new MailChanges([.. part], []);
        }

        foreach (var part in Gone.Chunk(size))
        {
            yield return new MailChanges([], [.. part]);
        }
    }
}
