using System.Diagnostics.CodeAnalysis;

namespace PracticPro.Sync.QuickBooks;

/// <summary>A company at QuickBooks: 1–20 digits, which Intuit calls its realm. Part of the path of every call.</summary>
internal readonly record struct Realm
{
    private const int Longest = 20;
    private readonly string? text;

    private Realm(string text) => this.text = text;

    public string Text => text ?? throw new InvalidOperationException("No company.");

    public static bool TryParse([NotNullWhen(true)] string? text, out Realm realm)
    {
        var isOne = text is { Length: > 0 and <= Longest } && text.All(char.IsAsciiDigit);
        realm = isOne ? new Realm(text!) : default;
        return isOne;
    }

    public override string ToString() => Text;
}
