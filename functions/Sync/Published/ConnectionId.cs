using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using PracticPro.Kernel;

namespace PracticPro.Sync.Published;

/// <summary>One connected account at one provider.</summary>
[JsonConverter(typeof(IdJsonConverter<ConnectionId>))]
internal readonly record struct ConnectionId : IId<ConnectionId>
{
    private const string Prefix = "connection";
    private readonly string? text;

    private ConnectionId(string text) => this.text = text;

    public string Text => text ?? throw new InvalidOperationException("No connection.");

    public static ConnectionId New(TimeProvider time) => new(IdText.New(Prefix, time));

    public static ConnectionId Parse(string text) => TryParse(text, out var id) ? id : throw IdText.Malformed(Prefix);

    public static bool TryParse(string? text, out ConnectionId id)
    {
        id = IdText.IsValid(Prefix, text) ? new ConnectionId(text) : default;
        return id.text is not null;
    }

    public override string ToString() => Text;
}

/// <summary>
/// What a practice connects: one product of one company. 2 – 30 lower-case letters, digits and inner hyphens; part of the
/// addresses <c>/connect/{provider}/callback</c> and <c>/webhooks/{provider}</c>, and of what is stored. Which there are
/// is told by the connectors that are registered.
/// </summary>
[JsonConverter(typeof(IdJsonConverter<Provider>))]
internal readonly record struct Provider : IId<Provider>
{
    private const int Longest = 30;
    private readonly string? text;

    private Provider(string text) => this.text = text;

    public string Text => text ?? throw new InvalidOperationException("No provider.");

    public static Provider Parse(string text) =>
        TryParse(text, out var provider) ? provider : throw new FormatException("Not the name of a provider.");

    public static bool TryParse([NotNullWhen(true)] string? text, out Provider provider)
    {
        var isOne = text is { Length: >= 2 and <= Longest }
            && text.All(static letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-')
            && text[0] != '-'
            && text[^1] != '-';
        provider = isOne ? new Provider(text!) : default;
        return isOne;
    }

    public override string ToString() => Text;
}
