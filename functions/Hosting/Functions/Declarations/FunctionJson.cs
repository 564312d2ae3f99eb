using System.Text;
using System.Text.Json;

namespace PracticPro.Hosting.Functions.Declarations;

/// <summary>
/// Writes <c>function.json</c>. No <c>$return</c>: triggers that return take the answer themselves, and a declared one
/// would have the host guess at base64 in it.
/// </summary>
internal static class FunctionJson
{
    private static readonly JsonWriterOptions Form = new() { Indented = true, NewLine = "\n" };

    public static string Of(FunctionDeclaration function)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, Form))
        {
            json.WriteStartObject();
            json.WriteStartArray("bindings");
            foreach (var binding in function.Bindings)
            {
                Write(json, binding);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.ToArray()) + "\n";
    }

    private static void Write(Utf8JsonWriter json, BindingDeclaration binding)
    {
        json.WriteStartObject();
        json.WriteString("type", binding.Type);
        json.WriteString("direction", binding.Direction);
        json.WriteString("name", binding.Name);
        foreach (var property in binding.Properties)
        {
            Write(json, property);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, BindingProperty property)
    {
        json.WritePropertyName(property.Name);
        switch (property.Value)
        {
            case string text:
                json.WriteStringValue(text);
                break;
            case bool truth:
                json.WriteBooleanValue(truth);
                break;
            case IReadOnlyList<string> list:
                json.WriteStartArray();
                foreach (var one in list)
                {
                    json.WriteStringValue(one);
                }

                json.WriteEndArray();
                break;
            default:
                throw new InvalidOperationException($"{property.Name} has a value of no known kind.");
        }
    }
}
