using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Published;

namespace PracticPro.Tests.Contracts;

/// <summary>What goes wrong with the next write at the provider.</summary>
public enum WriteFault
{
    /// <summary>The connection breaks before the provider acts.</summary>
    LoseRequest,

    /// <summary>The provider acts, and its answer is lost.</summary>
    LoseAnswer,

    /// <summary>The provider does not act and answers with an error of its own (500, 503).</summary>
    ServerError,

    /// <summary>The provider does not act and asks for a pause.</summary>
    RateLimit,
}

/// <summary>A connected account at a provider, or at a double of one, with what its owner does there by hand.</summary>
internal abstract class AccountUnderTest : IAsyncDisposable
{
    public abstract TenantId Tenant { get; }

    public abstract ConnectionId Connection { get; }

    /// <summary>Applies to the next write and to no other.</summary>
    public abstract void FailNextWrite(WriteFault fault);

    public SendPermit Permit(OutgoingWrite write) => SendPermit.Mint(Tenant, write.Sha256());

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}

internal abstract class CalendarUnderTest : AccountUnderTest
{
    public abstract IEventWriter Writer { get; }

    /// <summary>False where the provider writes to guests whatever it is told.</summary>
    public virtual bool CanStaySilent => true;

    /// <summary>
    /// False where nothing can be read of an event that was deleted there, so that it looks as if it had never been. Its mark
    /// stays taken all the same.
    /// </summary>
    public virtual bool TellsOfDeleted => true;

    /// <summary>The owner makes an event by hand.</summary>
    public abstract Task<EventPlace> MakeAsync(EventContent content);

    /// <summary>The owner gives it another title by hand.</summary>
    public abstract Task RenameAsync(EventPlace place, string title);

    /// <summary>The owner deletes it by hand.</summary>
    public abstract Task DeleteAsync(EventPlace place);

    /// <summary>Everything that stands in the calendar.</summary>
    public abstract Task<IReadOnlyList<EventContent>> EventsAsync();
}

internal abstract class TaskListUnderTest : AccountUnderTest
{
    public abstract ITaskWriter Writer { get; }

    /// <summary>Everything that stands on the list.</summary>
    public abstract Task<IReadOnlyList<TaskContent>> TasksAsync();
}
