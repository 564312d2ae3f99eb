using PracticPro.Storage;
using PracticPro.Tests.Contracts;

namespace PracticPro.Tests.Support;

/// <summary>
/// The memory storage as a store under test. It survives no restart: opening it again is going on with it.
/// </summary>
internal sealed class MemoryStore : StoreUnderTest
{
    private MemoryStorage? storage;

    public override IStorage Storage => storage ?? throw new InvalidOperationException("Not opened.");

    public override IFleet Fleet => throw new NotSupportedException("There is no fleet in memory.");

    public override ValueTask OpenCleanAsync()
    {
        storage = new MemoryStorage(Clock);
        return ValueTask.CompletedTask;
    }

    public override ValueTask ReopenAsync() => ValueTask.CompletedTask;

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

public sealed class MemoryDocumentsTests : DocumentsContract
{
    private protected override StoreUnderTest Make() => new MemoryStore();
}

public sealed class MemoryAppendLogTests : AppendLogContract
{
    private protected override StoreUnderTest Make() => new MemoryStore();
}

public sealed class MemoryQueueTests : QueueContract
{
    private protected override StoreUnderTest Make() => new MemoryStore();
}

public sealed class MemoryLeasesTests : LeasesContract
{
    private protected override StoreUnderTest Make() => new MemoryStore();
}
