using PracticPro.Tests.Contracts;

namespace PracticPro.Tests.Storage.Drivers;

public sealed class CosmosDocumentsTests : DocumentsContract
{
    private protected override StoreUnderTest Make() => new CosmosStore();
}

public sealed class CosmosAppendLogTests : AppendLogContract
{
    private protected override StoreUnderTest Make() => new CosmosStore();
}

public sealed class CosmosQueueTests : QueueContract
{
    private protected override StoreUnderTest Make() => new CosmosStore();
}

public sealed class CosmosLeasesTests : LeasesContract
{
    private protected override StoreUnderTest Make() => new CosmosStore();
}

public sealed class CosmosFleetTests : FleetContract
{
    private protected override StoreUnderTest Make() => new CosmosStore();
}

[Collection(CosmosService)]
public sealed class CosmosServiceDocumentsTests : DocumentsContract
{
    internal const string CosmosService = "Cosmos DB itself";

    private protected override StoreUnderTest Make() => new CosmosServiceStore();
}

[Collection(CosmosServiceDocumentsTests.CosmosService)]
public sealed class CosmosServiceAppendLogTests : AppendLogContract
{
    private protected override StoreUnderTest Make() => new CosmosServiceStore();
}

[Collection(CosmosServiceDocumentsTests.CosmosService)]
public sealed class CosmosServiceQueueTests : QueueContract
{
    private protected override StoreUnderTest Make() => new CosmosServiceStore();
}

[Collection(CosmosServiceDocumentsTests.CosmosService)]
public sealed class CosmosServiceLeasesTests : LeasesContract
{
    private protected override StoreUnderTest Make() => new CosmosServiceStore();
}

[Collection(CosmosServiceDocumentsTests.CosmosService)]
public sealed class CosmosServiceFleetTests : FleetContract
{
    private protected override StoreUnderTest Make() => new CosmosServiceStore();
}
