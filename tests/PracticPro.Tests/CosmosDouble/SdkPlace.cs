using System.Collections.ObjectModel;
using System.Reflection;
using Microsoft.Azure.Cosmos;

namespace PracticPro.Tests.CosmosDouble;

/// <summary>Where the SDK itself puts a partition key: its internal routing code, reached by reflection, as an oracle.</summary>
internal static class SdkPlace
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    private static readonly Assembly Direct = Assembly.Load("Microsoft.Azure.Cosmos.Direct");

    public static string Of(string key)
    {
        var type = Direct.GetType("Microsoft.Azure.Documents.Routing.PartitionKeyInternal", throwOnError: true)!;
        var value = type.GetMethod("FromJsonString", All)!.Invoke(null, [key])!;
        var count = ((System.Collections.ICollection)type.GetProperty("Components", All)!.GetValue(value)!).Count;
        var definitionType = Direct.GetType("Microsoft.Azure.Documents.PartitionKeyDefinition", throwOnError: true)!;
        var definition = Activator.CreateInstance(definitionType, nonPublic: true)!;
        definitionType.GetProperty("Paths", All)!.SetValue(
            definition, new Collection<string>([.. Enumerable.Range(0, count).Select(at => $"/p{at}")]));
        Set("Kind", count > 1 ? "MultiHash" : "Hash");
        Set("Version", "V2");
        var method = type.GetMethods(All).First(one => one.Name == "GetEffectivePartitionKeyString" && one.GetParameters().Length is 1 or 2);
        object?[] arguments = method.GetParameters().Length == 1 ? [definition] : [definition, true];
        return (string)method.Invoke(value, arguments)!;

        void Set(string name, string text)
        {
            var property = definitionType.GetProperty(name, All)!;
            var kind = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            property.SetValue(definition, Enum.Parse(kind, text));
        }
    }

    /// <summary>Keeps the assembly reference honest: the routing code is the one that the client under test uses.</summary>
    public static Version Version => typeof(CosmosClient).Assembly.GetName().Version!;
}
