using System.Text.Json.Serialization;
using PracticPro.Kernel;

namespace PracticPro.Sync.Connectors;

/// <summary>One order for notifications at one provider.</summary>
[JsonConverter(typeof(IdJsonConverter<ChannelId>))]
internal readonly record struct ChannelId : IId<ChannelId>
{
    private const string Prefix = "channel";
    private readonly string? text;

    private ChannelId(string text) => this.text = text;

    public string Text => text ?? throw new InvalidOperationException("No channel.");

    public static ChannelId New(TimeProvider time) => new(IdText.New(Prefix, time));

    public static ChannelId Parse(string text) => TryParse(text, out var id) ? id : throw IdText.Malformed(Prefix);

    public static bool TryParse(string? text, out ChannelId id)
    {
        id = IdText.IsValid(Prefix, text) ? new ChannelId(text) : default;
        return id.text is not null;
    }

    public override string ToString() => Text;
}
