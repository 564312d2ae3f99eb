using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace PracticPro.Sandbox.QuickBooks;

/// <summary>The same answers as XML: what a client gets that does not ask for JSON.</summary>
internal static class BookXml
{
    public static readonly XNamespace Space = "http://schema.intuit.com/finance/v3";

    private static readonly string[] Attributes =
        ["domain", "sparse", "startPosition", "maxResults", "totalCount", "status", "type"];

    public static byte[] Bytes(JsonObject body, string time) =>
        Whole(time, body.Where(member => member.Key != "time").SelectMany(member => Named(member.Key, member.Value)));

    public static byte[] Bytes(QuickBooksError error, string time) => Whole(time, [error.ToXml()]);

    private static byte[] Whole(string time, IEnumerable<XElement> inside)
    {
        var root = new XElement(Space + "IntuitResponse", new XAttribute("time", time), inside);
        return Encoding.UTF8.GetBytes(new XDeclaration("1.0", "UTF-8", "yes") + root.ToString(SaveOptions.DisableFormatting));
    }

    private static IEnumerable<XElement> Named(string name, JsonNode? node) => node switch
    {
        JsonArray array => array.SelectMany(item => Named(name, item)),
        JsonObject item when Reference(item) is string value => [new XElement(
            Space + name, item["name"] is JsonNode shown ? new XAttribute("name", (string)shown!) : null, value)],
        JsonObject item => [new XElement(Space + name, item.SelectMany(Content))],
        _ => [new XElement(Space + name, node?.ToString())],
    };

    private static IEnumerable<object> Content(KeyValuePair<string, JsonNode?> member) =>
        Attributes.Contains(member.Key) && member.Value is JsonValue value
            ? [new XAttribute(member.Key, value.ToString())]
            : Named(member.Key, member.Value);

    private static string? Reference(JsonObject item) =>
        item["value"] is JsonValue value && item.All(member => member.Key is "value" or "name") ? value.ToString() : null;
}
