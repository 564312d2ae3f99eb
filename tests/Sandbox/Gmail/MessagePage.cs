using System.Globalization;

namespace PracticPro.Sandbox.Gmail;

/// <summary>
/// Pages through messages from new to old. The token names the last message handed out, not a count, so mail that
/// arrives between two pages neither repeats nor hides any. 20 digits date, 16 hex digits id.
/// </summary>
internal static class MessagePage
{
    private const int DateDigits = 20;

    public static string TokenAfter(StoredMessage last) =>
        last.InternalDate.ToString("D20", CultureInfo.InvariantCulture) + last.Id;

    /// <summary>The messages behind a token; all without one; null when the token is not ours.</summary>
    public static IEnumerable<StoredMessage>? From(IEnumerable<StoredMessage> newestFirst, string? token)
    {
        if (string.IsNullOrEmpty(token))
        {
            return newestFirst;
        }

        CultureInfo plain = CultureInfo.InvariantCulture;
        if (token.Length <= DateDigits
            || !long.TryParse(token.AsSpan(0, DateDigits), NumberStyles.None, plain, out long date)
            || MessageId.Parse(token[DateDigits..]) is not MessageId id)
        {
            return null;
        }

        return newestFirst.Where(message =>
            message.InternalDate < date || (message.InternalDate == date && message.Id.Value < id.Value));
    }
}
