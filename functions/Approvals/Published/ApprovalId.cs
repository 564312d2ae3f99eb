using System.Text.Json.Serialization;
using PracticPro.Kernel;

namespace PracticPro.Approvals.Published;

/// <summary>One outward action waiting for, or decided by, a person.</summary>
[JsonConverter(typeof(IdJsonConverter<ApprovalId>))]
internal readonly record struct ApprovalId : IId<ApprovalId>
{
    private const string Prefix = "approval";
    private readonly string? text;

    private ApprovalId(string text) => this.text = text;

    public string Text => text ?? throw new InvalidOperationException("No approval.");

    /// <summary>The same basis always gives the same id, so that proposing twice proposes once.</summary>
    /// <param name="basis">SHA-256 (or longer) over what the proposal answers to.</param>
    public static ApprovalId From(ReadOnlySpan<byte> basis) => new(IdText.FromBytes(Prefix, basis[..16]));

    public static ApprovalId Parse(string text) => TryParse(text, out var id) ? id : throw IdText.Malformed(Prefix);

    public static bool TryParse(string? text, out ApprovalId id)
    {
        id = IdText.IsValid(Prefix, text) ? new ApprovalId(text) : default;
        return id.text is not null;
    }

    public override string ToString() => Text;
}
