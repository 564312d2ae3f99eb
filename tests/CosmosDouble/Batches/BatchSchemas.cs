using Microsoft.Azure.Cosmos.Serialization.HybridRow.Layouts;
using Microsoft.Azure.Cosmos.Serialization.HybridRow.Schemas;

namespace PracticPro.CosmosDouble.Batches;

/// <summary>The two rows of the batch format, by the schema that the SDK carries as a resource: they cannot drift from it.</summary>
internal static class BatchSchemas
{
    private const string Resource = "Microsoft.Azure.Cosmos.Batch.HybridRowBatchSchemas.json";

    private static readonly Namespace Known = Load();

    public static LayoutResolverNamespace Resolver { get; } = new(Known);

    public static Layout Result { get; } = Resolver.Resolve(Known.Schemas.First(schema => schema.Name == "BatchResult").SchemaId);

    private static Namespace Load()
    {
        var sdk = typeof(Microsoft.Azure.Cosmos.CosmosClient).Assembly;
        using var reader = new StreamReader(sdk.GetManifestResourceStream(Resource)!);
        return Namespace.Parse(reader.ReadToEnd());
    }
}
