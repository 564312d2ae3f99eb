using System.Text.Json.Serialization;
using PracticPro.Kernel;

namespace PracticPro.Durable;

/// <summary>
/// One orchestration instance. 1–256 printable ASCII characters, no <c>/ \ # ?</c> and no <c>@</c> in front:
/// the set that every engine takes. Compared exactly. Holds ids only, never content: it is logged.
/// </summary>
[JsonConverter(typeof(IdJsonConverter<InstanceId>))]
internal readonly record struct InstanceId : IId<InstanceId>
{
    public const int MaximumLength = 256;
    private const char TenantEnd = ':';
    private readonly string? text;

    private InstanceId(string text) => this.text = text;

    public string Text => text ?? throw new InvalidOperationException("No instance.");

    /// <summary>
    /// The instance of a tenant: <c>tenant:name</c>. Its sub-orchestrations keep the tenant in front.
    /// </summary>
    public static InstanceId For(TenantId tenant, string name) => Parse($"{tenant.Text}{TenantEnd}{name}");

    public static InstanceId Parse(string text) => TryParse(text, out var id) ? id : throw IdText.Malformed("instance");

    public static bool TryParse(string? text, out InstanceId id)
    {
        id = IsValid(text) ? new InstanceId(text!) : default;
        return id.text is not null;
    }

    /// <summary>
    /// The id of a child that its parent did not name: the parent's tenant, then the parent's next GUID.
    /// </summary>
    public InstanceId Child(Guid guid)
    {
        var end = Text.IndexOf(TenantEnd, StringComparison.Ordinal);
        var tenant = end > 0 && TenantId.TryParse(Text[..end], out var parsed) ? $"{parsed.Text}{TenantEnd}" : "";
        return new InstanceId($"{tenant}{guid:N}");
    }

    public override string ToString() => Text;

    private static bool IsValid(string? text) =>
        text is { Length: >= 1 and <= MaximumLength }
        && text[0] != '@'
        && text.All(symbol => symbol is > ' ' and < '\u007f' and not ('/' or '\\' or '#' or '?'));
}
