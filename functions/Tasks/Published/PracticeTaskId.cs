using System.Text.Json.Serialization;
using PracticPro.Kernel;

namespace PracticPro.Tasks.Published;

/// <summary>One task on the practice's own list.</summary>
[JsonConverter(typeof(IdJsonConverter<PracticeTaskId>))]
internal readonly record struct PracticeTaskId : IId<PracticeTaskId>
{
    private const string Prefix = "task";
    private readonly string? text;

    private PracticeTaskId(string text) => this.text = text;

    public string Text => text ?? throw new InvalidOperationException("No task.");

    /// <summary>The same mark always gives the same id: an action that is carried out twice adds one task.</summary>
    public static PracticeTaskId From(ReadOnlySpan<byte> mark) => new(IdText.FromBytes(Prefix, mark[..16]));

    public static PracticeTaskId Parse(string text) => TryParse(text, out var id) ? id : throw IdText.Malformed(Prefix);

    public static bool TryParse(string? text, out PracticeTaskId id)
    {
        id = IdText.IsValid(Prefix, text) ? new PracticeTaskId(text) : default;
        return id.text is not null;
    }

    public override string ToString() => Text;
}
