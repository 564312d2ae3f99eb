using System.Text.Json.Serialization;
using PracticPro.Kernel;

namespace PracticPro.Audit;

/// <summary>
/// Names one leaf, wherever in the log it comes to stand: the place is known only once it is written. Also names the
/// document that holds the leaf's personal values. Random, so that two leaves never have the same bytes.
/// </summary>
[JsonConverter(typeof(IdJsonConverter<LeafId>))]
internal readonly record struct LeafId : IId<LeafId>
{
    private const string Prefix = "leaf";
    private readonly string? text;

    private LeafId(string text) => this.text = text;

    public string Text => text ?? throw new InvalidOperationException("No leaf.");

    public static LeafId New(TimeProvider time) => new(IdText.New(Prefix, time));

    public static LeafId Parse(string text) => TryParse(text, out var id) ? id : throw IdText.Malformed(Prefix);

    public static bool TryParse(string? text, out LeafId id)
    {
        id = IdText.IsValid(Prefix, text) ? new LeafId(text) : default;
        return id.text is not null;
    }

    public override string ToString() => Text;
}
