using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Tests.Contracts;

/// <summary>What <see cref="ILeases"/> promises.</summary>
public abstract class LeasesContract : StoreContract
{
    private static readonly LeaseName Send = new("send");
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_held_lease_is_taken_for_everybody_else()
    {
        var held = await GrantAsync(Here);

        Assert.Equal(Clock.GetUtcNow() + Minute, held.ExpiresAt);
        Assert.Equal(new LeaseOutcome.Taken(held.ExpiresAt), await AcquireAsync(Here));
    }

    [Fact]
    public async Task A_lease_ends_by_itself_and_its_fence_grows()
    {
        var first = await GrantAsync(Here);
        Clock.Advance(Minute);
        var second = await GrantAsync(Here);

        Assert.True(second.Fence > first.Fence);
        Assert.NotEqual(first.Holder, second.Holder);
    }

    [Fact]
    public async Task A_released_lease_is_free_at_once_with_a_higher_fence()
    {
        var first = await GrantAsync(Here);
        await Open(Here).Leases.ReleaseAsync(first, Cancellation);

        Assert.True((await GrantAsync(Here)).Fence > first.Fence);
    }

    [Fact]
    public async Task A_renewed_lease_lasts_longer_and_keeps_its_fence()
    {
        var held = await GrantAsync(Here);
        Clock.Advance(Minute / 2);
        var renewed = await Open(Here).Leases.RenewAsync(held, Minute, Cancellation);

        Assert.Equal(held with { ExpiresAt = Clock.GetUtcNow() + Minute }, renewed);
        Clock.Advance(Minute / 2);
        Assert.IsType<LeaseOutcome.Taken>(await AcquireAsync(Here));
    }

    [Fact]
    public async Task Renewing_never_shortens()
    {
        var held = await GrantAsync(Here);

        Assert.Equal(held, await Open(Here).Leases.RenewAsync(held, TimeSpan.FromSeconds(1), Cancellation));
    }

    [Fact]
    public async Task A_late_holder_can_neither_renew_nor_release()
    {
        var late = await GrantAsync(Here);
        Clock.Advance(Minute);
        Assert.Null(await Open(Here).Leases.RenewAsync(late, Minute, Cancellation));
        var current = await GrantAsync(Here);

        await Open(Here).Leases.ReleaseAsync(late, Cancellation);
        Assert.Null(await Open(Here).Leases.RenewAsync(late, Minute, Cancellation));
        Assert.Equal(new LeaseOutcome.Taken(current.ExpiresAt), await AcquireAsync(Here));
    }

    [Fact]
    public async Task Leases_with_different_names_do_not_meet()
    {
        await GrantAsync(Here);

        Assert.IsType<LeaseOutcome.Granted>(
            await Open(Here).Leases.AcquireAsync(new LeaseName("other"), Minute, Cancellation));
    }

    [Fact]
    public async Task Two_tenants_hold_the_same_name_at_once()
    {
        var mine = await GrantAsync(Here);
        var theirs = await GrantAsync(There);

        await Open(There).Leases.ReleaseAsync(mine, Cancellation);
        Assert.IsType<LeaseOutcome.Taken>(await AcquireAsync(There));
        Assert.NotEqual(mine.Holder, theirs.Holder);
        Assert.Equal(Here, Open(Here).Leases.Tenant);
    }

    [Fact]
    public async Task Of_many_who_ask_at_once_exactly_one_is_granted()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => Task.Run(() => AcquireAsync(Here))));

        Assert.Single(outcomes.OfType<LeaseOutcome.Granted>());
    }

    [Fact]
    public async Task The_fence_grows_across_a_restart_and_the_lease_stays_held()
    {
        var first = await GrantAsync(Here);
        await Store.ReopenAsync();
        Assert.IsType<LeaseOutcome.Taken>(await AcquireAsync(Here));
        await Open(Here).Leases.ReleaseAsync(first, Cancellation);
        await Store.ReopenAsync();

        Assert.True((await GrantAsync(Here)).Fence > first.Fence);
    }

    [Fact]
    public async Task A_clock_set_back_does_not_lock_a_lease_for_years()
    {
        await GrantAsync(Here);
        Clock.Set(Clock.GetUtcNow() - TimeSpan.FromDays(400));

        Assert.Equal(new LeaseOutcome.Taken(Clock.GetUtcNow() + Minute), await AcquireAsync(Here));
        Clock.Advance(Minute);
        Assert.IsType<LeaseOutcome.Granted>(await AcquireAsync(Here));
    }

    [Fact]
    public async Task A_lease_renewed_after_the_clock_was_set_back_counts_from_now()
    {
        var held = await GrantAsync(Here);
        Clock.Set(Clock.GetUtcNow() - TimeSpan.FromDays(400));

        var renewed = await Open(Here).Leases.RenewAsync(held, Minute * 2, Cancellation);

        Assert.Equal(Clock.GetUtcNow() + (Minute * 2), renewed!.ExpiresAt);
        Clock.Advance(Minute * 2);
        Assert.IsType<LeaseOutcome.Granted>(await AcquireAsync(Here));
    }

    [Fact]
    public async Task A_lease_of_no_length_is_refused() =>
        await Assert.ThrowsAnyAsync<ArgumentException>(async () =>
            await Open(Here).Leases.AcquireAsync(Send, TimeSpan.Zero, Cancellation));

    private async Task<LeaseOutcome> AcquireAsync(TenantId tenant) =>
        await Open(tenant).Leases.AcquireAsync(Send, Minute, Cancellation);

    private async Task<Lease> GrantAsync(TenantId tenant) =>
        Assert.IsType<LeaseOutcome.Granted>(await AcquireAsync(tenant)).Lease;
}
