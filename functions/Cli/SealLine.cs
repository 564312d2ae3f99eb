using System.Text.Encodings.Web;
using System.Text.Json;
using PracticPro.Kernel;
using PracticPro.Vault;

namespace PracticPro.Cli;

/// <summary>
/// One line of the seal and open verbs, parsed: tenant, place and bytes. Both verbs use the purpose <c>records</c> and
/// schema 1. Each of the five is a text; one missing, or any property twice, is malformed. Other properties are not
/// read.
/// </summary>
internal sealed record SealLine(TenantId Tenant, SealContext Context, byte[] Bytes)
{
    public const int Schema = 1;

    // Base64 has a plus sign, which the default encoder escapes for the sake of HTML. This is not HTML.
    private static readonly JsonSerializerOptions Relaxed = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    // Two readers may take different ones of two equal names; nobody should have to guess which was sealed.
    private static readonly JsonDocumentOptions OnceEach = new() { AllowDuplicateProperties = false };

    /// <summary>The line, or a failure that quotes nothing of it. Null is a line that was too long to be held.</summary>
    /// <param name="content">Name of the property with the bytes, base64: <c>plaintext</c> or <c>sealed</c>.</param>
    public static Outcome<SealLine> Parse(string? line, string content)
    {
        if (line is null)
        {
            return new LineTooLong();
        }

        if (Texts(line) is not { } texts
            || !texts.TryGetValue("tenant", out var tenantText)
            || !texts.TryGetValue("kind", out var kind)
            || !texts.TryGetValue("id", out var id)
            || !texts.TryGetValue("field", out var field)
            || !texts.TryGetValue(content, out var base64))
        {
            return new MalformedLine(content);
        }

        if (!ScratchVault.TryTenant(tenantText, out var tenant))
        {
            return new NotATestTenant();
        }

        try
        {
            // One text for one value: spaces and stray bits behind the last byte would be ways to alter a sealed text
            // without its being noticed.
            var bytes = Convert.FromBase64String(base64);
            return Convert.ToBase64String(bytes) == base64
                ? new SealLine(tenant, new SealContext(kind, id, field, Schema), bytes)
                : new NotBase64(content);
        }
        catch (FormatException)
        {
            return new NotBase64(content);
        }
        catch (ArgumentException)
        {
            return new BadPlace();
        }
    }

    /// <summary>One line of output.</summary>
    public static string Answer(string property, string value) =>
        JsonSerializer.Serialize(new Dictionary<string, string> { [property] = value }, Relaxed);

    public static string Answer(Failure failure) => Answer("error", failure.Code);

    private static Dictionary<string, string>? Texts(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line, OnceEach);
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? json.RootElement.EnumerateObject()
                    .Where(property => property.Value.ValueKind == JsonValueKind.String)
                    .ToDictionary(text => text.Name, text => text.Value.GetString()!, StringComparer.Ordinal)
                : null;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // The second is a text with half a surrogate pair.
            return null;
        }
    }

    internal sealed record MalformedLine(string Content)
        : Failure.Invalid("malformed-line", $"A line is an object of the texts tenant, kind, id, field and {Content}.");

    internal sealed record LineTooLong() : Failure.TooLarge("line-too-long", "A line is 128 million characters at most.");

    internal sealed record NotATestTenant()
        : Failure.Refused("not-a-test-tenant", "A scratch vault has the tenants test-a, test-b, … only.");

    internal sealed record NotBase64(string Content) : Failure.Invalid("not-base64", $"{Content} is not base64.");

    internal sealed record BadPlace()
        : Failure.Invalid("bad-place", "kind, id and field are 1 to 1,024 bytes of well-formed text.");
}
