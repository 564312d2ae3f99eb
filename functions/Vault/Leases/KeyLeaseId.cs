using System.Text.Json.Serialization;
using PracticPro.Kernel;

namespace PracticPro.Vault.Leases;

/// <summary>Names one lease of keys within its tenant.</summary>
[JsonConverter(typeof(IdJsonConverter<KeyLeaseId>))]
internal readonly record struct KeyLeaseId : IId<KeyLeaseId>
{
    private const string Prefix = "key-lease";
    private readonly string? text;

    private KeyLeaseId(string text) => this.text = text;

    public string Text => text ?? throw new InvalidOperationException("No lease.");

    public static KeyLeaseId New(TimeProvider time) => new(IdText.New(Prefix, time));

    public static KeyLeaseId Parse(string text) => TryParse(text, out var id) ? id : throw IdText.Malformed(Prefix);

    public static bool TryParse(string? text, out KeyLeaseId id)
    {
        id = IdText.IsValid(Prefix, text) ? new KeyLeaseId(text) : default;
        return id.text is not null;
    }

    public override string ToString() => Text;
}
