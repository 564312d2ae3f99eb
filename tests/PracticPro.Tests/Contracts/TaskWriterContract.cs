using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Published;

namespace PracticPro.Tests.Contracts;

/// <summary>What every task list that is written to keeps. A provider's tests inherit this and open theirs.</summary>
[Trait("Promise", "APR-3")]
public abstract class TaskWriterContract
{
    private static readonly TaskContent Call = new("Call Ada back", new DateOnly(2027, 3, 15), "She asked about the bill.\nMornings.");

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    internal abstract Task<TaskListUnderTest> OpenAsync();

    [Fact]
    public async Task The_same_order_is_composed_into_the_same_bytes()
    {
        await using var list = await OpenAsync();
        var first = await ComposeAsync(list, Order(Call));
        Assert.Equal(first.Bytes, (await ComposeAsync(list, Order(Call with { Title = Call.Title }))).Bytes);
        Assert.NotEqual(first.Bytes, (await ComposeAsync(list, Order(Call with { Due = null }))).Bytes);
    }

    [Fact]
    public async Task What_is_composed_is_put_on_the_list_and_found_again()
    {
        await using var list = await OpenAsync();
        TaskContent[] all = [Call, Call with { Due = null, Notes = "" }, Call with { Title = "Grüße \"quoted\" – 日本語 🙂" }];
        foreach (var (at, content) in all.Index())
        {
            var order = new TaskOrder(new WriteMark($"{at:x32}"), content);
            var write = await ComposeAsync(list, order);
            Assert.True(await LookUpAsync(list, order, write) is WriteTrace.Nowhere or WriteTrace.NotDone);
            var done = Assert.IsType<WriteOutcome.Done>(await WriteAsync(list, write));
            Assert.Equal(new WriteTrace.Done(done.ProviderId), await LookUpAsync(list, order, write));
        }

        Assert.Equal(
            all.OrderBy(task => task.Title, StringComparer.Ordinal).ThenBy(task => task.Notes, StringComparer.Ordinal),
            (await list.TasksAsync()).OrderBy(task => task.Title, StringComparer.Ordinal).ThenBy(task => task.Notes, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(WriteFault.LoseRequest)]
    [InlineData(WriteFault.LoseAnswer)]
    [InlineData(WriteFault.ServerError)]
    [InlineData(WriteFault.RateLimit)]
    public async Task Whatever_goes_wrong_it_is_never_taken_for_done_when_it_is_not_or_the_other_way_round(WriteFault fault)
    {
        await using var list = await OpenAsync();
        var order = Order(Call);
        var write = await ComposeAsync(list, order);
        list.FailNextWrite(fault);
        var outcome = await WriteAsync(list, write);
        Assert.IsType(fault == WriteFault.RateLimit ? typeof(WriteOutcome.NotDone) : typeof(WriteOutcome.Unclear), outcome);
        var trace = await LookUpAsync(list, order, write);
        Assert.Equal(fault == WriteFault.LoseAnswer, trace is WriteTrace.Done);
        Assert.Equal(fault == WriteFault.LoseAnswer ? 1 : 0, (await list.TasksAsync()).Count);
    }

    [Fact]
    [Trait("Promise", "APR-1")]
    public async Task Nothing_is_written_without_a_permit_of_this_practice_for_these_bytes()
    {
        await using var list = await OpenAsync();
        var write = await ComposeAsync(list, Order(Call));
        var other = await ComposeAsync(list, Order(Call with { Title = "Another" }));
        SendPermit[] unfit = [list.Permit(other), SendPermit.Mint(TenantId.Parse("test-z"), write.Sha256())];
        foreach (var permit in unfit)
        {
            var outcome = await list.Writer.WriteAsync(list.Tenant, list.Connection, permit, write, Cancellation);
            Assert.IsType<EgressFailures.NoPermit>(Assert.IsType<WriteOutcome.NotDone>(outcome).Why);
        }

        Assert.Empty(await list.TasksAsync());
    }

    private static TaskOrder Order(TaskContent content) => new(new WriteMark("1f3870be274f6c49b3e31a0c6728957f"), content);

    private static async Task<OutgoingWrite> ComposeAsync(TaskListUnderTest list, TaskOrder order) =>
        (await list.Writer.ComposeAsync(list.Tenant, list.Connection, order, Cancellation)).Expect();

    private static Task<WriteOutcome> WriteAsync(TaskListUnderTest list, OutgoingWrite write) =>
        list.Writer.WriteAsync(list.Tenant, list.Connection, list.Permit(write), write, Cancellation);

    private static async Task<WriteTrace> LookUpAsync(TaskListUnderTest list, TaskOrder order, OutgoingWrite write) =>
        (await list.Writer.LookUpAsync(list.Tenant, list.Connection, order, write, Cancellation)).Expect();
}
