using System.Text.Json.Serialization;
using PracticPro.Kernel;

namespace PracticPro.Durable;

/// <summary>
/// Names one event on its way to one instance. The same id is delivered once, for as long as the hub keeps it
/// (seven days at least). 1–100 printable ASCII characters; a provider's own event id where there is one.
/// </summary>
[JsonConverter(typeof(IdJsonConverter<DeliveryId>))]
internal readonly record struct DeliveryId : IId<DeliveryId>
{
    private const string Prefix = "delivery";
    private readonly string? text;

    private DeliveryId(string text) => this.text = text;

    public string Text => text ?? throw new InvalidOperationException("No delivery.");

    public static DeliveryId New(TimeProvider time) => new(IdText.New(Prefix, time));

    public static DeliveryId Parse(string text) => TryParse(text, out var id) ? id : throw IdText.Malformed(Prefix);

    public static bool TryParse(string? text, out DeliveryId id)
    {
        var valid = text is { Length: >= 1 and <= 100 } && text.All(symbol => symbol is > ' ' and < '\u007f');
        id = valid ? new DeliveryId(text!) : default;
        return valid;
    }

    public override string ToString() => Text;
}
