using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Google.Protobuf;
using PracticPro.Hosting.Functions.Declarations;

namespace PracticPro.Hosting.Functions.Payloads;

/// <summary>
/// What a call of the host looks like with every value taken out: a line for each member that the host made, its path and
/// its kind. Members that a message or an input brought with it are one line, <c>Metadata.*</c>, since their names are not
/// the host's. Kinds nest where the host nests: <c>text of object</c> is a JSON text that holds an object.
/// <code>
/// Data.{trigger}: text of object
/// Data.{client}.rpcBaseUrl: text
/// Metadata.DequeueCount: text of number
/// Data.{trigger}#4: bytes            a field of a turn's protobuf message, by its number
/// </code>
/// Equal hosts give equal lines for all functions of a kind; that is what <c>scripts/canary</c> compares.
/// </summary>
internal static partial class PayloadShape
{
    private const string Client = "durableClient";
    private const string Orchestration = "orchestrationTrigger";
    private const string Timer = "timerTrigger";

    // Anything shorter could be a word.
    private const int ShortestBase64 = 64;

    /// <summary>Kind of the calls of a function, in lower-case: <c>queue</c>, <c>timer</c>, <c>activity</c>, <c>orchestration</c>, <c>http</c>.</summary>
    public static string KindOf(FunctionDeclaration function) =>
        function.Bindings[0].Type.Replace("Trigger", "", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>The lines of a body. A body that is no JSON object is one line that says so.</summary>
    public static IReadOnlyList<string> Of(ReadOnlyMemory<byte> body, FunctionDeclaration function)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return [.. new Drawing(function).Lines(document.RootElement).Distinct().Order(StringComparer.Ordinal)];
        }
        catch (JsonException)
        {
            return ["not JSON"];
        }
    }

    /// <summary>A name as it may be shown: one that no host gives is not, whatever it is.</summary>
    public static string Shown(string name) => NameShape().IsMatch(name) ? name : "?";

    private static string KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "list",
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "truth",
        JsonValueKind.Null => "nothing",
        _ => KindOf(value.GetString()!),
    };

    private static string KindOf(string text)
    {
        if (Inner(text) is { } inner)
        {
            return $"text of {KindOf(inner)}";
        }

        return IsDate(text) ? "date" : IsBase64(text) ? "base64" : "text";
    }

    private static bool IsDate(string text) =>
        text.Length > 18 && text[4] == '-' && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private static bool IsBase64(string text) => text.Length >= ShortestBase64 && Base64.IsValid(text);

    /// <summary>The JSON that a text holds; null where it holds none.</summary>
    private static JsonElement? Inner(string text)
    {
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>An object, out of all texts it is wrapped in; otherwise what is innermost.</summary>
    private static JsonElement Unwrapped(JsonElement value)
    {
        while (value.ValueKind is JsonValueKind.String && Inner(value.GetString()!) is { } inner)
        {
            value = inner;
        }

        return value;
    }

    [GeneratedRegex(@"\A[A-Za-z$_][A-Za-z0-9$_.-]{0,63}\z")]
    private static partial Regex NameShape();

    /// <summary>The lines of one call.</summary>
    private sealed class Drawing(FunctionDeclaration function)
    {
        private readonly BindingDeclaration trigger = function.Bindings[0];
        private readonly string? client = function.Bindings.FirstOrDefault(binding => binding.Type == Client)?.Name;
        private readonly HashSet<string> brought = new(StringComparer.OrdinalIgnoreCase);

        public IEnumerable<string> Lines(JsonElement body)
        {
            if (body.ValueKind is not JsonValueKind.Object)
            {
                return [KindOf(body)];
            }

            // First, since it says which members of the metadata it brought.
            var data = body.TryGetProperty("Data", out var values) && values.ValueKind is JsonValueKind.Object
                ? values.EnumerateObject().SelectMany(Value).ToList()
                : [];
            return data.Concat(body.EnumerateObject().SelectMany(member => member.Name switch
            {
                "Data" when member.Value.ValueKind is JsonValueKind.Object => [],
                "Metadata" when member.Value.ValueKind is JsonValueKind.Object => member.Value.EnumerateObject().SelectMany(Metadata),
                _ => Line(Shown(member.Name), member.Value),
            }));
        }

        private IEnumerable<string> Value(JsonProperty value)
        {
            if (value.NameEquals(trigger.Name))
            {
                return Trigger(value.Value);
            }

            return client is not null && value.NameEquals(client)
                ? Line("Data.{client}", value.Value).Concat(Members("Data.{client}", Unwrapped(value.Value)))
                : Line($"Data.{Shown(value.Name)}", value.Value);
        }

        private IEnumerable<string> Trigger(JsonElement value)
        {
            const string Path = "Data.{trigger}";
            var inner = Unwrapped(value);
            switch (trigger.Type)
            {
                case Orchestration:
                    return Line(Path, value).Concat(Fields(Path, inner));
                case Timer:
                    return Line(Path, value).Concat(Members(Path, inner));
                default:
                    if (inner.ValueKind is JsonValueKind.Object)
                    {
                        brought.UnionWith(inner.EnumerateObject().Select(member => member.Name));
                    }

                    return Line(Path, value);
            }
        }

        private IEnumerable<string> Metadata(JsonProperty member)
        {
            if (brought.Contains(member.Name))
            {
                return ["Metadata.*: brought by the message"];
            }

            if (member.NameEquals(trigger.Name))
            {
                return Line("Metadata.{trigger}", member.Value);
            }

            var path = $"Metadata.{Shown(member.Name)}";
            return member.NameEquals("sys")
                ? Line(path, member.Value).Concat(Members(path, member.Value))
                : Line(path, member.Value);
        }

        private static IEnumerable<string> Members(string path, JsonElement value) =>
            value.ValueKind is JsonValueKind.Object
                ? value.EnumerateObject().SelectMany(member =>
                    Line($"{path}.{Shown(member.Name)}", member.Value).Concat(Members($"{path}.{Shown(member.Name)}", member.Value)))
                : [];

        private static string[] Line(string path, JsonElement value) => [$"{path}: {KindOf(value)}"];

        /// <summary>The fields of the protobuf message in a base64 text, of the outermost level.</summary>
        private static List<string> Fields(string path, JsonElement value)
        {
            List<string> lines = [];
            try
            {
                var bytes = value.ValueKind is JsonValueKind.String ? Convert.FromBase64String(value.GetString()!) : [];
                var input = new CodedInputStream(bytes);
                uint tag;
                while ((tag = input.ReadTag()) != 0)
                {
                    lines.Add(string.Create(CultureInfo.InvariantCulture, $"{path}#{WireFormat.GetTagFieldNumber(tag)}: {WireKind(tag)}"));
                    input.SkipLastField();
                }
            }
            catch (Exception unreadable) when (unreadable is FormatException or InvalidProtocolBufferException)
            {
                lines.Add($"{path}: not protobuf");
            }

            return lines;
        }

        private static string WireKind(uint tag) => WireFormat.GetTagWireType(tag) switch
        {
            WireFormat.WireType.LengthDelimited => "bytes",
            WireFormat.WireType.Varint => "number",
            _ => "fixed",
        };
    }
}
