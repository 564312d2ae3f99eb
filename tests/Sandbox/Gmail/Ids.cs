using System.Globalization;

namespace PracticPro.Sandbox.Gmail;

/// <summary>A message's id for its whole life: 16 hex digits on the wire.</summary>
internal readonly record struct MessageId(ulong Value)
{
    public override string ToString() => Value.ToString("x16", CultureInfo.InvariantCulture);

    public static MessageId? Parse(string? text) => Hex.Parse(text) is ulong value ? new MessageId(value) : null;
}

/// <summary>A thread's id: that of its first message.</summary>
internal readonly record struct ThreadId(ulong Value)
{
    public override string ToString() => Value.ToString("x16", CultureInfo.InvariantCulture);

    public static ThreadId? Parse(string? text) => Hex.Parse(text) is ulong value ? new ThreadId(value) : null;
}

/// <summary>A draft's id, "r" and a signed number. It stays when the draft's message id changes.</summary>
internal readonly record struct DraftId(long Value)
{
    public override string ToString() => "r" + Value.ToString(CultureInfo.InvariantCulture);

    public static DraftId? Parse(string? text) =>
        text is ['r', .. string digits]
        && long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
            ? new DraftId(value)
            : null;
}

/// <summary>A point in a mailbox's history. Later is greater; the numbers have gaps.</summary>
internal readonly record struct HistoryId(ulong Value) : IComparable<HistoryId>
{
    public int CompareTo(HistoryId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    public static HistoryId? Parse(string? text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value)
            ? new HistoryId(value)
            : null;

    public static bool operator <(HistoryId left, HistoryId right) => left.Value < right.Value;

    public static bool operator >(HistoryId left, HistoryId right) => left.Value > right.Value;

    public static bool operator <=(HistoryId left, HistoryId right) => left.Value <= right.Value;

    public static bool operator >=(HistoryId left, HistoryId right) => left.Value >= right.Value;
}

/// <summary>How Gmail writes 64-bit ids.</summary>
file static class Hex
{
    public static ulong? Parse(string? text) =>
        text is { Length: > 0 and <= 16 }
        && ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong value)
            ? value
            : null;
}
