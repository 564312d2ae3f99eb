using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using PracticPro.Kernel;

namespace PracticPro.Sync.Streams;

/// <summary>
/// One thing of a connection that is followed on its own: a mailbox, a mail folder, a calendar, the invoices. A word, or a
/// word and the provider's opaque id behind a dot (<c>folder.AAMkAG…</c>); never a name that a person gave. At most 400
/// characters of letters, digits, <c>. - _ =</c>.
/// </summary>
[JsonConverter(typeof(IdJsonConverter<StreamName>))]
internal readonly record struct StreamName : IId<StreamName>
{
    private const int Longest = 400;
    private readonly string? text;

    private StreamName(string text) => this.text = text;

    public string Text => text ?? throw new InvalidOperationException("No stream.");

    public static StreamName Parse(string text) =>
        TryParse(text, out var stream) ? stream : throw new FormatException("Not the name of a stream.");

    public static bool TryParse([NotNullWhen(true)] string? text, out StreamName stream)
    {
        var isOne = text is { Length: > 0 and <= Longest }
            && text.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_' or '=');
        stream = isOne ? new StreamName(text!) : default;
        return isOne;
    }

    public override string ToString() => Text;
}
