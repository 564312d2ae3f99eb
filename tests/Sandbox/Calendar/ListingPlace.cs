using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace PracticPro.Sandbox.Calendar;

/// <summary>
/// A place in a listing, as its tokens carry it.
/// <code>
///   page token = base64url( "P" | since | until | after | manner | empty pages left )
///   sync token = base64url( "S" | until | manner )
/// </code>
/// </summary>
/// <param name="Since">Changes after this one are listed; null for a complete listing.</param>
/// <param name="Until">The newest change when the first page was answered; what comes later is for the next.</param>
/// <param name="After">The last thing handed out: an id, or of changes a number; null at the start.</param>
/// <param name="Manner">The parameters that must stay as they were.</param>
/// <param name="EmptyLeft">Empty pages still to come before the first event.</param>
internal sealed record ListingPlace(long? Since, long Until, string? After, string Manner, int EmptyLeft)
{
    public string ToPageToken() => Encode($"P|{Since}|{Until}|{After}|{Manner}|{EmptyLeft}");

    public string ToSyncToken() => Encode($"S|{Until}|{Manner}");

    public static ListingPlace? FromPageToken(string token) =>
        Decode(token) is ["P", string since, string until, string after, string manner, string empty]
            ? new ListingPlace(
                since.Length > 0 ? Number(since) : null, Number(until), after.Length > 0 ? after : null, manner,
                (int)Number(empty))
            : null;

    /// <summary>The start of a listing of what changed since the token was given.</summary>
    public static ListingPlace? FromSyncToken(string token) =>
        Decode(token) is ["S", string since, string manner]
            ? new ListingPlace(Number(since), 0, null, manner, 0)
            : null;

    private static string Encode(FormattableString text) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(FormattableString.Invariant(text)));

    private static string[] Decode(string token) =>
        Base64Url.IsValid(token) ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token)).Split('|') : [];

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
