using PracticPro.Sandbox.Gmail;

namespace PracticPro.Sandbox.Control;

/// <summary>What was asked of the sandbox so far, and above all: how many times each Message-ID was sent.</summary>
internal sealed record StatisticsView(
    IReadOnlyDictionary<string, int> Requests,
    IReadOnlyDictionary<string, int> TokenExchanges,
    int Sends,
    IReadOnlyDictionary<string, int> SendsByMessageId,
    IReadOnlyList<StatisticsView.Letter> Letters)
{
    public static StatisticsView Of(World world)
    {
        IReadOnlyList<SentLetter> sent = world.Sends.All();
        return new StatisticsView(
            world.Statistics.Requests,
            world.Statistics.Exchanges,
            sent.Count,
            sent.CountBy(letter => letter.Rfc822Id.Value)
                .ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal),
            [.. sent.Select(letter => new Letter(letter.Mailbox, letter.Id.ToString(), letter.Rfc822Id.Value,
                letter.Via, letter.At))]);
    }

    internal sealed record Letter(string Mailbox, string Id, string Rfc822MessageId, string Via, DateTimeOffset At);
}
