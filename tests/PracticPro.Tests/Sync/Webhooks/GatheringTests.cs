using PracticPro.Sync.Webhooks;

namespace PracticPro.Tests.Sync.Webhooks;

/// <summary>What comes while the like of it is being done.</summary>
public sealed class GatheringTests
{
    private const long Heaviest = 100;
    private const int Most = 4;

    private readonly List<int[]> done = [];
    private readonly SemaphoreSlim begun = new(0);
    private readonly SemaphoreSlim goOn = new(0);
    private readonly Gathering<int, string> gathering;

    public GatheringTests() => gathering = new(WorkAsync, static item => item, Heaviest, Most);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_comes_while_the_first_is_done_is_done_together_next()
    {
        Task<string>[] answers = [await BeginAsync(1), Add(2), Add(3)];
        goOn.Release(2);
        Assert.Equal(["1", "2", "3"], await Task.WhenAll(answers));
        Assert.Equal([[1], [2, 3]], done);
    }

    [Fact]
    public async Task What_comes_later_is_done_at_once_again()
    {
        goOn.Release(2);
        Assert.Equal("1", await Add(1));
        Assert.Equal("2", await Add(2));
        Assert.Equal([[1], [2]], done);
    }

    [Fact]
    public async Task No_more_are_done_together_than_may_be()
    {
        Task<string>[] answers = [await BeginAsync(1), .. Enumerable.Range(2, Most + 1).Select(Add)];
        goOn.Release(3);
        await Task.WhenAll(answers);
        Assert.Equal([[1], [2, 3, 4, 5], [6]], done);
    }

    [Fact]
    public async Task What_is_too_heavy_for_company_is_done_alone_and_the_order_is_kept()
    {
        Task<string>[] answers = [await BeginAsync(1), Add(60), Add(40), Add(1), Add(500), Add(2)];
        goOn.Release(5);
        await Task.WhenAll(answers);
        Assert.Equal([[1], [60, 40], [1], [500], [2]], done);
    }

    [Fact]
    public async Task Trouble_is_told_to_all_that_were_together_and_to_nobody_else()
    {
        Task<string>[] answers = [await BeginAsync(1), Add(-1), Add(2)];
        goOn.Release(1);
        await begun.WaitAsync(Cancellation);
        var later = Add(3);
        goOn.Release(2);
        Assert.Equal("1", await answers[0]);
        await Assert.ThrowsAsync<InvalidOperationException>(() => answers[1]);
        await Assert.ThrowsAsync<InvalidOperationException>(() => answers[2]);
        Assert.Equal("3", await later);
    }

    [Fact]
    public async Task One_place_does_not_wait_for_another()
    {
        var here = await BeginAsync(1);
        var there = gathering.AddAsync("there", 2);
        await begun.WaitAsync(Cancellation);
        goOn.Release(2);
        Assert.Equal(["1", "2"], await Task.WhenAll(here, there));
        Assert.Equal(2, done.Count);
    }

    private Task<string> Add(int item) => gathering.AddAsync("here", item);

    /// <summary>Added, and under way when this returns.</summary>
    private async Task<Task<string>> BeginAsync(int item)
    {
        var answer = Add(item);
        await begun.WaitAsync(Cancellation);
        return answer;
    }

    private async Task<IReadOnlyList<string>> WorkAsync(IReadOnlyList<int> items)
    {
        begun.Release();
        await goOn.WaitAsync(Cancellation);
        if (items.Any(static item => item < 0))
        {
            throw new InvalidOperationException();
        }

        lock (done)
        {
            done.Add([.. items]);
        }

        return [.. items.Select(static item => $"{item}")];
    }
}
