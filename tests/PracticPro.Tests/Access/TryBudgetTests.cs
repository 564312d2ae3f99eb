using PracticPro.Access;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Access;

[Trait("Promise", "AUTH-5")]
public sealed class TryBudgetTests
{
    private static readonly TimeSpan Refill = TimeSpan.FromSeconds(30);
    private readonly FakeClock clock = new();

    [Fact]
    public void After_as_many_tries_as_there_are_one_has_to_wait()
    {
        var budget = new TryBudget(3, Refill, clock);
        Assert.Equal([null, null, null, Refill], Enumerable.Range(0, 4).Select(_ => budget.Take("a")));
        Assert.Null(budget.Take("b"));
    }

    [Fact]
    public void One_try_comes_back_after_each_refill()
    {
        var budget = new TryBudget(3, Refill, clock);
        for (var i = 0; i < 3; i++)
        {
            budget.Take("a");
        }

        clock.Advance(Refill - TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(1), budget.Take("a"));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(budget.Take("a"));
        Assert.Equal(Refill, budget.Take("a"));
    }

    [Fact]
    public void A_refused_try_costs_nothing()
    {
        var budget = new TryBudget(1, Refill, clock);
        budget.Take("a");
        Assert.Equal([Refill, Refill, Refill], Enumerable.Range(0, 3).Select(_ => budget.Take("a")));
    }

    [Fact]
    public void What_is_given_back_can_be_taken_again()
    {
        var budget = new TryBudget(1, Refill, clock);
        for (var i = 0; i < 20; i++)
        {
            Assert.Null(budget.Take("a"));
            budget.GiveBack("a");
        }
    }

    [Fact]
    public void A_flood_of_keys_does_not_push_out_what_is_known()
    {
        var budget = new TryBudget(1, Refill, clock);
        for (var i = 0; i < TryBudget.MostKeys; i++)
        {
            budget.Take($"key-{i}");
        }

        Assert.Equal(Refill, budget.Take("one-more"));
        Assert.Equal(Refill, budget.Take("key-0"));
        clock.Advance(Refill);
        Assert.Null(budget.Take("one-more"));
    }
}
