using PracticPro.Sandbox.Faults;
using PracticPro.Sync.Connections;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Sync;

/// <summary>The provider says no, says nonsense, or says nothing.</summary>
[Trait("Promise", "SYNC-1")]
public sealed class ProviderTroubleTests
{
    private static readonly TimeSpan Poll = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData(403)]
    [InlineData(429)]
    public async Task A_rate_limit_is_waited_out_as_long_as_the_provider_says(int status)
    {
        await using var premises = await Premises.ConnectedAsync();
        await premises.Outside.DeliverAsync();
        premises.Outside.Fail("/history$", new FaultAction(FaultKind.Status)
        {
            Reason = "userRateLimitExceeded",
            Code = status,
            Message = "User-rate limit exceeded.  Retry after 2027-03-01T09:08:00.000Z",
        });
        await premises.PassAsync(Poll);
        var asked = premises.Outside.Asked("/history");
        (await premises.PushAsync()).Expect();
        await premises.PassAsync(TimeSpan.FromSeconds(170));
        Assert.Equal(asked, premises.Outside.Asked("/history"));
        await premises.PassAsync(TimeSpan.FromSeconds(11));
        await premises.AssertInStepAsync();
    }

    [Theory]
    [InlineData("/history$", nameof(FaultKind.Status))]
    [InlineData("/history$", nameof(FaultKind.Malformed))]
    [InlineData("/history$", nameof(FaultKind.Truncate))]
    [InlineData("/history$", nameof(FaultKind.DropBefore))]
    [InlineData("/messages/[0-9a-f]+$", nameof(FaultKind.Status))]
    [InlineData("/messages/[0-9a-f]+$", nameof(FaultKind.Malformed))]
    [InlineData("/messages/[0-9a-f]+$", nameof(FaultKind.Truncate))]
    [InlineData("/messages/[0-9a-f]+$", nameof(FaultKind.DropAfter))]
    public async Task Trouble_at_the_provider_delays_and_loses_nothing(string path, string kind)
    {
        await using var premises = await Premises.ConnectedAsync();
        await premises.Outside.DeliverAsync();
        premises.Outside.Fail(path, Enum.Parse<FaultKind>(kind), "backendError", times: 3);
        await premises.PassAsync(Poll);
        await premises.PassUntilAsync(premises.IsInStepAsync, most: 60);
        await premises.AssertInStepAsync();
        Assert.Equal(ConnectionState.Active, (await premises.ConnectionAsync()).State);
        Assert.Equal(0, (await premises.CursorAsync()).Failures);
    }

    [Fact]
    public async Task A_quota_spent_by_the_first_reading_only_slows_it_down()
    {
        await using var premises = await Premises.OpenAsync(new() { Letters = 20, PageSize = 5 });
        premises.Outside.World.Quota.UnitsPerMinute = 300;
        await premises.KeepAsync(premises.ConnectAsync());
        await premises.PassUntilAsync(premises.IsInStepAsync, TimeSpan.FromSeconds(10), most: 100);
        await premises.AssertInStepAsync();
    }

    [Fact]
    public async Task Many_pushes_that_come_while_it_waits_are_followed_once()
    {
        await using var premises = await Premises.ConnectedAsync();
        premises.Outside.Fail("/history$", FaultKind.Status, "userRateLimitExceeded");
        await premises.PassAsync(Poll);
        var asked = premises.Outside.Asked("/history");
        for (var push = 0; push < 25; push++)
        {
            await premises.Outside.DeliverAsync();
            (await premises.PushAsync($"20000{push}")).Expect();
        }

        await premises.PassAsync(TimeSpan.FromSeconds(31));
        await premises.AssertInStepAsync();
        Assert.InRange(premises.Outside.Asked("/history") - asked, 1, 2);
    }

    [Fact]
    public async Task A_watch_is_renewed_every_day()
    {
        await using var premises = await Premises.ConnectedAsync(new() { PushTopic = "projects/p/topics/gmail" });
        Assert.Equal(1, premises.Outside.Asked("/watch"));
        await premises.PassAsync(TimeSpan.FromHours(25));
        Assert.Equal(2, premises.Outside.Asked("/watch"));
    }

    [Fact]
    public async Task A_watch_that_died_unnoticed_is_asked_for_again()
    {
        await using var premises = await Premises.ConnectedAsync(new() { PushTopic = "projects/p/topics/gmail" });
        premises.Outside.World.Mailboxes.Find(Outside.Mailbox)!.Watch = null;
        await premises.Outside.DeliverAsync();
        await premises.PassAsync(Poll);
        await premises.AssertInStepAsync();
        Assert.NotNull(premises.Outside.World.Mailboxes.Find(Outside.Mailbox)!.Watch);
    }

    [Fact]
    public async Task A_provider_whose_clock_is_far_behind_does_not_keep_the_loop_at_renewing()
    {
        await using var premises = await Premises.OpenAsync(new() { PushTopic = "projects/p/topics/gmail" });
        premises.Outside.World.Clock.Offset = TimeSpan.FromDays(-30);
        await premises.KeepAsync(premises.ConnectAsync());
        await premises.SettleAsync();
        await premises.AssertInStepAsync();
        Assert.Equal(1, premises.Outside.Asked("/watch"));
    }

    [Fact]
    public async Task A_watch_that_is_refused_does_not_stop_the_reading()
    {
        await using var premises = await Premises.OpenAsync(new() { PushTopic = "projects/p/topics/gmail" });
        premises.Outside.Fail("/watch$", FaultKind.Status, "invalidArgument");
        await premises.KeepAsync(premises.ConnectAsync());
        await premises.SettleAsync();
        await premises.AssertInStepAsync();
        await premises.PassAsync(TimeSpan.FromMinutes(61));
        Assert.NotNull(premises.Outside.World.Mailboxes.Find(Outside.Mailbox)!.Watch);
    }
}
