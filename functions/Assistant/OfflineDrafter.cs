using System.Globalization;
using PracticPro.Assistant.Published;

namespace PracticPro.Assistant;

/// <summary>Replies from templates over facts. No network, no model: it can promise an answer, not give one.</summary>
internal sealed class OfflineDrafter : IDrafter
{
    private static readonly TimeSpan LongWait = TimeSpan.FromDays(7);
    private static readonly TimeSpan NewAcquaintance = TimeSpan.FromDays(14);

    public string Name => "offline-templates";

    public ValueTask<DraftText> DraftAsync(DraftFacts facts, CancellationToken cancellation) =>
        ValueTask.FromResult(new DraftText(ReplySubject(facts.Subject), Text(facts)));

    /// <summary>One "Re:", however many the conversation gathered (RFC 5322 section 3.6.5).</summary>
    private static string ReplySubject(string subject)
    {
        var bare = subject.Trim();
        while (bare.StartsWith("re:", StringComparison.OrdinalIgnoreCase))
        {
            bare = bare[3..].TrimStart();
        }

        return bare.Length == 0 ? "Re: your message" : $"Re: {bare}";
    }

    private static string Text(DraftFacts facts)
    {
        var on = facts.WaitingSince.UtcDateTime.ToString("d MMMM", CultureInfo.InvariantCulture);
        var opening = facts.Now - facts.WaitingSince > LongWait
            ? $"Thank you for your message of {on}, and please excuse the late reply."
            : $"Thank you for your message of {on}.";
        var middle = facts.Now - facts.KnownSince < NewAcquaintance
            ? "We have received it and will look into it. If there is anything we should know beforehand, simply reply to this mail."
            : "We have it in front of us and will come back to you with an answer within two working days.";
        return string.Join(
            "\n",
            $"Hello{Named(facts.TheirName)},",
            "",
            opening,
            middle,
            "",
            "Kind regards",
            facts.OurName);
    }

    // A display name may be anything; only what looks like a name is used as one.
    private static string Named(string displayName)
    {
        var first = displayName.Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "";
        return first.Length is >= 2 and <= 20 && first.All(char.IsLetter) ? $" {first}" : "";
    }
}
