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
