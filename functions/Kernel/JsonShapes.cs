using System.Text.Json;
using System.Text.Json.Serialization;

namespace PracticPro.Kernel;

/// <summary>How stored and sent JSON looks: camel case, enums as kebab-case words, unknown enum words refused, no nulls.</summary>
internal static class JsonShapes
{
    public static readonly JsonSerializerOptions Stored = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
    };
}
