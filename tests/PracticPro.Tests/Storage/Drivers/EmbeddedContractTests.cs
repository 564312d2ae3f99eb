using PracticPro.Tests.Contracts;

namespace PracticPro.Tests.Storage.Drivers;

public sealed class SqliteDocumentsTests : DocumentsContract
{
    private protected override StoreUnderTest Make() => new EmbeddedStore();
}

public sealed class SqliteAppendLogTests : AppendLogContract
{
    private protected override StoreUnderTest Make() => new EmbeddedStore();
}

public sealed class SqliteQueueTests : QueueContract
{
    private protected override StoreUnderTest Make() => new EmbeddedStore();
}

public sealed class SqliteLeasesTests : LeasesContract
{
    private protected override StoreUnderTest Make() => new EmbeddedStore();
}

public sealed class FileBlobsTests : BlobsContract
{
    private protected override StoreUnderTest Make() => new EmbeddedStore();
}

public sealed class SqliteFleetTests : FleetContract
{
    private protected override StoreUnderTest Make() => new EmbeddedStore();
}
