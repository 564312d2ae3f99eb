using PracticPro.Durable;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Hosting;

public sealed class OutboxPumpTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_order_given_up_on_is_kept_for_a_person_and_taken_up_again_at_the_next_start()
    {
        await using var premises = await Premises.OpenAsync();
        var scope = await premises.ScopeAsync();
        var nobody = InstanceId.For(premises.Tenant, "nobody");
        await scope.CommitAsync(
            [WorkflowOutbox.Raise(nobody, new EventName<Done>("changed"), Done.Value, "stray-order")], Cancellation);
        await UntilAsync(premises, async () => await PoisonAsync(premises) == 1);

        await premises.RestartAsync();

        // It is an order again: handed out anew, and not lost while it was nobody's.
        await UntilAsync(premises, async () => await PoisonAsync(premises) == 0);
        Assert.Equal(1, await premises.Get<IStorage>().For(premises.Tenant).Queue.CountAsync(WorkflowOutbox.Queue, Cancellation));
    }

    /// <summary>Moves the clock round by round. Not by settling: this order is never carried out.</summary>
    private static async Task UntilAsync(Premises premises, Func<Task<bool>> isSo)
    {
        using var patience = Deadline.Start(Cancellation);
        while (!await isSo())
        {
            premises.Clock.Advance(TimeSpan.FromSeconds(5));
            await Deadline.MomentAsync(patience.Token);
        }
    }

    private static ValueTask<long> PoisonAsync(Premises premises) =>
        premises.Get<IStorage>().For(premises.Tenant).Queue.CountPoisonAsync(WorkflowOutbox.Queue, Cancellation);
}
