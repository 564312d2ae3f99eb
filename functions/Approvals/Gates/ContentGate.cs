using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace PracticPro.Approvals;

/// <summary>
/// Gate 3: what is in it. Refuses what an approver cannot see (invisible and look-alike code points), leftovers of
/// templates, secrets, and numbers that identify a person. Scrubs on shape: a failing checksum is no reason to let
/// digits through.
/// </summary>
internal static partial class ContentGate
{
    private const int LongestSubject = 250;
    private const int LongestText = 100_000;

    public static GateResult Evaluate(GateFacts facts) => GateResult.Of(
        GateName.Content,
        (WritesText(facts.Action) ? Reasons(facts.Action) : []).Concat(facts.Action switch
        {
            OutgoingMail mail => AttachmentRules.Reasons(mail.Attachments),
            OutgoingEvent one => EventRules.Reasons(one, facts.Now),
            OutgoingTask task => TaskRules.Reasons(task, facts.Now),
            _ => throw new InvalidOperationException("An action of no known kind."),
        }));

    // What a cancelled event said was written by whoever wrote it; nothing of it leaves.
    private static bool WritesText(OutgoingAction action) => action is not OutgoingEvent { After: null };

    private static IEnumerable<GateReason> Reasons(OutgoingAction action)
    {
        var (title, text) = (action.Title, action.Body);
        List<string> shown = [.. action.Lines, title, text];
        if (!shown.SkipLast(1).All(MimeWriter.IsOneLine))
        {
            yield return new("line-break-in-header", Verdict.Refuse, "A name or the subject holds a line break. Remove it.");
        }

        if (string.IsNullOrWhiteSpace(action is OutgoingMail ? text : title) || text.Length > LongestText || title.Length > LongestSubject)
        {
            yield return new("length", Verdict.Refuse, "The text is empty, or the text or the subject is too long.");
        }

        if (shown.Any(HasInvisible))
        {
            yield return new("invisible-characters", Verdict.Refuse, "There are characters that cannot be seen. Type the passage anew.");
        }

        if (shown.Any(MixesScripts))
        {
            yield return new("look-alike-letters", Verdict.Refuse, "A word mixes letters of several scripts that look alike. Type it anew.");
        }

        if (TemplateMark().IsMatch(title) || TemplateMark().IsMatch(text))
        {
            yield return new("template-mark", Verdict.Refuse, "A placeholder was left over. Fill it in or remove it.");
        }

        if (Secret().IsMatch(title) || Secret().IsMatch(text))
        {
            yield return new("secret", Verdict.Refuse, "There is something like a password or a key in it. Remove it.");
        }

        if (PersonalNumber().IsMatch(title))
        {
            yield return new("identifier-in-subject", Verdict.Refuse, "The subject holds a number that may identify a person. Remove it.");
        }

        if (PersonalNumber().IsMatch(text))
        {
            yield return new("identifier-in-text", Verdict.Refuse, "The text holds a number like a social security or card number. Remove it.");
        }
    }

    /// <summary>Format, control, private and unassigned code points: what is approved could be other than what is seen.</summary>
    private static bool HasInvisible(string text) => text.EnumerateRunes().Any(rune =>
        rune.Value is not ('\n' or '\r' or '\t')
        && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.Control
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate);

    public static bool MixesScripts(string text)
    {
        foreach (var word in Word().EnumerateMatches(text))
        {
            var span = text.AsSpan(word.Index, word.Length);
            var (latin, other) = (false, false);
            foreach (var symbol in span)
            {
                latin |= char.IsAsciiLetter(symbol);
                // Greek 0370–03FF, Cyrillic 0400–052F: the scripts whose letters pass for Latin ones.
                other |= symbol is >= '\u0370' and <= '\u052F';
            }

            if (latin && other)
            {
                return true;
            }
        }

        return false;
    }

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();

    [GeneratedRegex(@"\{\{|\}\}|<%|%>|\[\[|\]\]|\[(NAME|FIRST NAME|LAST NAME|DATE|TIME|ADDRESS|INSERT[^\]]*)\]|%[A-Z_]{3,}%|\bLorem ipsum\b", RegexOptions.IgnoreCase)]
    private static partial Regex TemplateMark();

    [GeneratedRegex(@"-----BEGIN [A-Z ]+-----|\bAKIA[0-9A-Z]{16}\b|\b(sk|pk|ghp|xox[abp])[-_][A-Za-z0-9_-]{16,}|\b(password|passwort|pwd)\s*[:=]\s*\S+", RegexOptions.IgnoreCase)]
    private static partial Regex Secret();

    // Social security numbers, and 13–19 digits in card grouping.
    [GeneratedRegex(@"\b\d{3}[- ]\d{2}[- ]\d{4}\b|\b\d(?:[ -]?\d){12,18}\b")]
    private static partial Regex PersonalNumber();
}
