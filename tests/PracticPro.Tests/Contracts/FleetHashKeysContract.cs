using PracticPro.Vault;

namespace PracticPro.Tests.Contracts;

/// <summary>What <see cref="IFleetHashKeys"/> promises.</summary>
public abstract class FleetHashKeysContract : VaultContract
{
    private static readonly DateTimeOffset Soon = new(2027, 3, 1, 10, 0, 0, TimeSpan.Zero);

    private IFleetHashKeys Keys => Vault.FleetHashKeys;

    [Fact]
    public async Task There_is_one_from_the_start_and_every_program_has_it()
    {
        using var other = await OpenAnotherAsync();
        Assert.Equal(1, Assert.Single(await Keys.ReadAsync(Cancellation)).Number);
        await AssertSameAsync(other, 1);
    }

    [Fact]
    public async Task What_was_decided_first_stays_for_every_program()
    {
        using var other = await OpenAnotherAsync();
        await Keys.MakeAsync(2, Soon, Cancellation);
        await other.FleetHashKeys.MakeAsync(2, Soon.AddHours(1), Cancellation);
        await other.FleetHashKeys.LetGoAsync(1, Soon.AddHours(2), Cancellation);
        await Keys.LetGoAsync(1, Soon.AddHours(3), Cancellation);

        var read = await Keys.ReadAsync(Cancellation);
        Assert.Equal(read, await other.FleetHashKeys.ReadAsync(Cancellation));
        Assert.Equal([(1, Soon.AddHours(2)), (2, (DateTimeOffset?)null)], read.Select(one => (one.Number, one.LetGoFrom)));
        Assert.Equal(Soon, read[1].UsedFrom);
        await AssertSameAsync(other, 2);
        using var first = await Keys.OpenAsync(1, Cancellation);
        using var second = await Keys.OpenAsync(2, Cancellation);
        Assert.NotEqual(first, second);
    }

    [Fact]
    public async Task A_retired_one_is_read_no_more_and_the_next_goes_on()
    {
        await Keys.MakeAsync(2, Soon, Cancellation);
        await Keys.LetGoAsync(1, Soon, Cancellation);
        await Keys.RetireAsync(1, Cancellation);
        await Keys.RetireAsync(1, Cancellation);
        await Keys.EndRetiredAsync(Cancellation);
        await Keys.EndRetiredAsync(Cancellation);

        using var other = await OpenAnotherAsync();
        Assert.Equal(2, Assert.Single(await other.FleetHashKeys.ReadAsync(Cancellation)).Number);
        await AssertSameAsync(other, 2);
        await Keys.MakeAsync(3, Soon, Cancellation);
        Assert.Equal([2, 3], (await other.FleetHashKeys.ReadAsync(Cancellation)).Select(one => one.Number));
        await AssertSameAsync(other, 3);
    }

    private async Task AssertSameAsync(IVault other, int number)
    {
        using var here = await Keys.OpenAsync(number, Cancellation);
        using var there = await other.FleetHashKeys.OpenAsync(number, Cancellation);
        Assert.Equal(here, there);
        Assert.Equal(64, here.Length);
    }
}
