using System.Text;
using PracticPro.Storage;

namespace PracticPro.Tests.Contracts;

/// <summary>What <see cref="IQueue"/> promises.</summary>
public abstract class QueueContract : StoreContract
{
    private static readonly QueueName Outbox = new("outbox");
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(30);

    private IQueue Queue => Open(Here).Queue;

    [Fact]
    public async Task An_empty_queue_gives_nothing()
    {
        Assert.Empty(await ReceiveAsync());
        Assert.Equal(0, await Queue.CountAsync(Outbox, Cancellation));
        Assert.Equal(0, await Queue.ReplayPoisonAsync(Outbox, Cancellation));
        Assert.False(await Queue.CompleteAsync(Outbox, "no receipt", Cancellation));
    }

    [Fact]
    public async Task A_message_is_hidden_while_it_is_held_and_gone_when_completed()
    {
        await PutAsync("a");
        var delivery = Assert.Single(await ReceiveAsync());

        Assert.Equal("a", Text(delivery));
        Assert.Equal(1, delivery.Deliveries);
        Assert.Equal(Clock.GetUtcNow() + Hold, delivery.VisibleAt);
        Assert.Empty(await ReceiveAsync());
        Assert.Equal(1, await Queue.CountAsync(Outbox, Cancellation));
        Assert.True(await Queue.CompleteAsync(Outbox, delivery.Receipt, Cancellation));
        Assert.False(await Queue.CompleteAsync(Outbox, delivery.Receipt, Cancellation));
        Assert.Equal(0, await Queue.CountAsync(Outbox, Cancellation));
    }

    [Fact]
    public async Task A_hold_that_ends_makes_the_first_receipt_worthless()
    {
        await PutAsync("a");
        var first = Assert.Single(await ReceiveAsync());
        Clock.Advance(Hold);
        var second = Assert.Single(await ReceiveAsync());

        Assert.Equal(2, second.Deliveries);
        Assert.NotEqual(first.Receipt, second.Receipt);
        Assert.False(await Queue.CompleteAsync(Outbox, first.Receipt, Cancellation));
        Assert.False(await Queue.ReleaseAsync(Outbox, first.Receipt, TimeSpan.Zero, Cancellation));
        Assert.True(await Queue.CompleteAsync(Outbox, second.Receipt, Cancellation));
    }

    [Fact]
    public async Task A_receipt_is_good_on_its_own_queue_only()
    {
        await PutAsync("a");
        var delivery = Assert.Single(await ReceiveAsync());

        Assert.False(await Queue.CompleteAsync(new QueueName("other"), delivery.Receipt, Cancellation));
        Assert.False(await Open(There).Queue.CompleteAsync(Outbox, delivery.Receipt, Cancellation));
        Assert.True(await Queue.CompleteAsync(Outbox, delivery.Receipt, Cancellation));
    }

    [Fact]
    public async Task A_released_message_comes_back_after_its_delay()
    {
        await PutAsync("a");
        var first = Assert.Single(await ReceiveAsync());
        Assert.True(await Queue.ReleaseAsync(Outbox, first.Receipt, TimeSpan.FromMinutes(5), Cancellation));
        Clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Empty(await ReceiveAsync());
        Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(2, Assert.Single(await ReceiveAsync()).Deliveries);
    }

    [Fact]
    public async Task Messages_come_in_the_order_they_were_put()
    {
        await PutAsync("a", "b");
        Clock.Advance(TimeSpan.FromSeconds(1));
        await PutAsync("c");

        Assert.Equal(["a", "b"], (await Queue.ReceiveAsync(Outbox, 2, Hold, Cancellation)).Select(Text));
        Assert.Equal(["c"], (await ReceiveAsync()).Select(Text));
    }

    [Fact]
    public async Task The_fifth_hold_that_ends_makes_a_message_poison()
    {
        await PutAsync("bad");
        for (var time = 1; time <= IQueue.MaximumDeliveries; time++)
        {
            Assert.Equal(time, Assert.Single(await ReceiveAsync()).Deliveries);
            Assert.Equal(1, await Queue.CountAsync(Outbox, Cancellation));
            Clock.Advance(Hold);
        }

        Assert.Equal(1, await Queue.CountPoisonAsync(Outbox, Cancellation));
        Assert.Equal(0, await Queue.CountAsync(Outbox, Cancellation));
        Assert.Empty(await ReceiveAsync());
        Assert.Equal(1, await Queue.CountPoisonAsync(Outbox, Cancellation));
    }

    [Fact]
    public async Task A_fifth_delivery_may_still_be_completed()
    {
        await PutAsync("slow");
        for (var time = 1; time < IQueue.MaximumDeliveries; time++)
        {
            await ReleaseOneAsync();
        }

        var fifth = Assert.Single(await ReceiveAsync());
        Assert.True(await Queue.CompleteAsync(Outbox, fifth.Receipt, Cancellation));
        Assert.Equal(0, await Queue.CountPoisonAsync(Outbox, Cancellation));
    }

    [Fact]
    public async Task A_replayed_message_starts_with_a_fresh_count()
    {
        await PutAsync("bad", "worse");
        for (var time = 0; time < IQueue.MaximumDeliveries; time++)
        {
            await ReleaseOneAsync();
            await ReleaseOneAsync();
        }

        Assert.Equal(2, await Queue.CountPoisonAsync(Outbox, Cancellation));
        Assert.Equal(2, await Queue.ReplayPoisonAsync(Outbox, Cancellation));
        Assert.Equal(0, await Queue.CountPoisonAsync(Outbox, Cancellation));
        Assert.All(await ReceiveAsync(), delivery => Assert.Equal(1, delivery.Deliveries));
    }

    [Fact]
    public async Task A_repeat_within_seven_days_is_dropped_and_its_batch_goes_through()
    {
        await PutOnceAsync("k", "first");
        Clock.Advance(IQueue.DeduplicationWindow - TimeSpan.FromSeconds(1));
        await MustCommitAsync(Here, Message("k", "repeat"), new Operation.Append(new LogName("log"), "x"u8.ToArray()));

        Assert.Equal(["first"], (await ReceiveAsync()).Select(Text));
        Assert.Equal(1, await Open(Here).Logs.CountAsync(new LogName("log"), Cancellation));
    }

    [Fact]
    public async Task A_key_is_forgotten_after_seven_days_and_not_before_completion()
    {
        await PutOnceAsync("k", "first");
        Assert.True(await Queue.CompleteAsync(Outbox, Assert.Single(await ReceiveAsync()).Receipt, Cancellation));
        await PutOnceAsync("k", "repeat of a completed one");
        Assert.Empty(await ReceiveAsync());

        Clock.Advance(IQueue.DeduplicationWindow);
        await PutOnceAsync("k", "second");
        Assert.Equal(["second"], (await ReceiveAsync()).Select(Text));
    }

    [Fact]
    public async Task Keys_count_by_queue_and_messages_without_one_are_never_repeats()
    {
        await MustCommitAsync(
            Here,
            Message("k", "kept"),
            Message("k", "dropped"),
            new Operation.Enqueue(new QueueName("other"), new QueueMessage("x"u8.ToArray(), "k")),
            Message(null, "plain"),
            Message(null, "plain"));

        Assert.Equal(["kept", "plain", "plain"], (await ReceiveAsync()).Select(Text));
        Assert.Equal(1, await Queue.CountAsync(new QueueName("other"), Cancellation));
    }

    [Fact]
    public async Task Keys_as_long_as_they_may_be_are_told_apart_by_their_last_character()
    {
        var stem = new string('心', StorageLimits.MaximumIdLength - 1);
        await PutOnceAsync(stem + "a", "one");
        await PutOnceAsync(stem + "b", "two");
        await PutOnceAsync(stem + "a", "repeat");

        Assert.Equal(["one", "two"], (await ReceiveAsync()).Select(Text));
    }

    [Fact]
    public async Task A_clock_set_back_neither_loses_nor_doubles_a_message()
    {
        await PutOnceAsync("k", "waiting");
        await PutAsync("held");
        var held = await Queue.ReceiveAsync(Outbox, 1, Hold, Cancellation);
        Clock.Set(Clock.GetUtcNow() - TimeSpan.FromDays(400));

        await PutOnceAsync("k", "still a repeat");
        var rest = await ReceiveAsync();
        Assert.Single(rest);
        Assert.Empty(await ReceiveAsync());
        Clock.Advance(Hold);
        Assert.Equal(2, (await ReceiveAsync()).Count);
        Assert.False(await Queue.CompleteAsync(Outbox, held[0].Receipt, Cancellation));
        Clock.Advance(IQueue.DeduplicationWindow);
        await PutOnceAsync("k", "no repeat any more");
        Assert.Equal(3, await Queue.CountAsync(Outbox, Cancellation));
    }

    [Fact]
    public async Task A_receipt_stays_good_when_the_clock_is_set_back()
    {
        await PutAsync("held");
        var held = Assert.Single(await ReceiveAsync());
        Clock.Set(Clock.GetUtcNow() - TimeSpan.FromDays(1));
        Assert.Empty(await ReceiveAsync());

        Assert.True(await Queue.CompleteAsync(Outbox, held.Receipt, Cancellation));
    }

    [Fact]
    public async Task Two_tenants_have_two_queues()
    {
        await PutOnceAsync("k", "mine");
        await MustCommitAsync(There, Message("k", "theirs"));

        Assert.Equal(["mine"], (await ReceiveAsync()).Select(Text));
        Assert.Equal(1, await Open(There).Queue.CountAsync(Outbox, Cancellation));
        Assert.Equal(Here, Queue.Tenant);
    }

    [Fact]
    public async Task Of_many_receivers_each_message_goes_to_one()
    {
        await PutAsync([.. Enumerable.Range(0, 60).Select(at => $"{at}")]);

        var got = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(
            async () => await Queue.ReceiveAsync(Outbox, 5, Hold, Cancellation))));

        Assert.Equal(60, got.SelectMany(each => each).Select(Text).Distinct().Count());
        Assert.Equal(60, got.Sum(each => each.Count));
    }

    [Fact]
    public async Task Messages_holds_and_keys_survive_a_restart()
    {
        await PutOnceAsync("k", "held");
        var held = Assert.Single(await ReceiveAsync());
        await PutAsync("waiting");
        await Store.ReopenAsync();

        await PutOnceAsync("k", "repeat");
        Assert.Equal(["waiting"], (await ReceiveAsync()).Select(Text));
        Assert.True(await Queue.CompleteAsync(Outbox, held.Receipt, Cancellation));
    }

    [Fact]
    public async Task A_message_over_the_limit_is_refused()
    {
        var large = new QueueMessage(new byte[StorageLimits.MaximumMessageBytes + 1]);

        await Assert.ThrowsAsync<TooLargeToStoreException>(() =>
            CommitAsync(Here, new Operation.Enqueue(Outbox, large)));
        await Assert.ThrowsAsync<ArgumentException>(() => CommitAsync(Here, Message(new string('k', 201), "x")));
    }

    private static Operation.Enqueue Message(string? key, string body) =>
        new(Outbox, new QueueMessage(Encoding.UTF8.GetBytes(body), key));

    private static string Text(QueueDelivery delivery) => Encoding.UTF8.GetString(delivery.Body.Span);

    private async Task PutAsync(params string[] bodies) =>
        await MustCommitAsync(Here, [.. bodies.Select(body => Message(null, body))]);

    private async Task PutOnceAsync(string key, string body) => await MustCommitAsync(Here, Message(key, body));

    private async Task<IReadOnlyList<QueueDelivery>> ReceiveAsync() =>
        await Queue.ReceiveAsync(Outbox, 100, Hold, Cancellation);

    private async Task ReleaseOneAsync()
    {
        var one = Assert.Single(await Queue.ReceiveAsync(Outbox, 1, Hold, Cancellation));
        Assert.True(await Queue.ReleaseAsync(Outbox, one.Receipt, TimeSpan.Zero, Cancellation));
    }
}
