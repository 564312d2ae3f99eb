using System.Text.Json.Serialization;

namespace PracticPro.Kernel;

/// <summary>
/// One practice. Everything is stored, sealed and logged for exactly one tenant.
/// Shape: 3–40 characters, a lower-case letter first, then lower-case letters, digits and single inner hyphens;
/// safe as a file name, a container name and a partition key.
/// </summary>
[JsonConverter(typeof(IdJsonConverter<TenantId>))]
internal readonly record struct TenantId : IId<TenantId>
{
    private const string Prefix = "t";
    private readonly string? text;

    private TenantId(string text) => this.text = text;

    public string Text => text ?? throw new InvalidOperationException("No tenant.");

    public static TenantId New(TimeProvider time) => new(IdText.New(Prefix, time));

    public static TenantId Parse(string text) => TryParse(text, out var id) ? id : throw IdText.Malformed("tenant");

    public static bool TryParse(string? text, out TenantId id)
    {
        id = IsValid(text) ? new TenantId(text!) : default;
        return id.text is not null;
    }

    public override string ToString() => Text;

    private static bool IsValid(string? text) =>
        text is { Length: >= 3 and <= 40 }
        && char.IsAsciiLetterLower(text[0])
        && text[^1] != '-'
        && !text.Contains("--", StringComparison.Ordinal)
        && text.All(symbol => char.IsAsciiLetterLower(symbol) || char.IsAsciiDigit(symbol) || symbol == '-');
}
