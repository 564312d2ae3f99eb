using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.Hosting.Standalone;
using PracticPro.Storage;
using PracticPro.Sync.Push;
using PracticPro.Sync.Webhooks;
using PracticPro.Tests.Support;
using PracticPro.Vault;

namespace PracticPro.Tests.Sync;

/// <summary>Pushes that come while the store cannot be used.</summary>
public sealed class BufferedPushTests
{
    private readonly MemoryWebhookBuffer buffer = new();
    private bool down;
    private bool keysAreAway;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Promise", "SYNC-1")]
    public async Task A_push_is_acknowledged_kept_as_ids_and_carried_when_store_or_keys_are_back(bool keys)
    {
        keysAreAway = keys;
        await using var premises = await ConnectedAsync();
        var asked = premises.Outside.Asked("/history");
        down = true;
        (await premises.PushAsync("77")).Expect();

        var kept = Assert.Single(buffer.Waiting);
        Assert.Equal(("gmail", WebhookNote.KeyOf("77", PremisesMail.Published)), (kept.Provider, kept.Push));
        Assert.DoesNotContain('@', kept.Mailbox);
        down = false;
        await DrainAsync(premises, () => buffer.Waiting.Count == 0);
        await premises.SettleAsync();
        Assert.Equal(asked + 1, premises.Outside.Asked("/history"));
    }

    [Fact]
    public async Task A_push_that_came_by_both_ways_is_followed_once()
    {
        await using var premises = await ConnectedAsync();
        var asked = premises.Outside.Asked("/history");
        down = true;
        (await premises.PushAsync("77")).Expect();
        (await premises.PushAsync("77")).Expect();
        down = false;
        (await premises.PushAsync("77")).Expect();
        await premises.SettleAsync();
        await DrainAsync(premises, () => buffer.Waiting.Count == 0);
        await premises.SettleAsync();
        Assert.Equal(asked + 1, premises.Outside.Asked("/history"));
    }

    [Fact]
    public async Task A_push_that_nobody_has_is_not_acknowledged()
    {
        await using var premises = await ConnectedAsync();
        (down, buffer.IsDown) = (true, true);

        await Assert.ThrowsAsync<StorageUnavailableException>(() => premises.PushAsync("77"));
    }

    [Fact]
    public async Task Without_a_buffer_the_provider_is_told_to_come_again()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 0 });
        await premises.CrashAsync();
        await premises.StartAsync(BreakWhenDown);
        down = true;

        await Assert.ThrowsAsync<StorageUnavailableException>(() => premises.PushAsync("77"));
    }

    [Fact]
    public async Task A_store_that_stays_away_uses_up_no_try()
    {
        await using var premises = await ConnectedAsync();
        down = true;
        (await premises.PushAsync("77")).Expect();
        for (var round = 0; round < 2 * IQueue.MaximumDeliveries; round++)
        {
            buffer.LetGo();
            await premises.Get<CarryBufferedPush>().RunAsync(
                Assert.Single(await buffer.ReceiveAsync(1, TimeSpan.Zero, Cancellation)).Webhook!, Cancellation);
            await buffer.CompleteAsync(new WebhookReceipt($"{round + 1}", "", ""), Cancellation);
        }

        Assert.Single(buffer.Waiting);
        Assert.Empty(buffer.GivenUp);
    }

    [Fact]
    public async Task What_cannot_be_carried_five_times_is_given_up_for_a_person()
    {
        await using var premises = await ConnectedAsync();
        await buffer.KeepAsync(new BufferedWebhook("from-tomorrow", "hash", "1"), TimeSpan.Zero, Cancellation);

        await DrainAsync(premises, () => buffer.GivenUp.Count == 1);

        Assert.Empty(buffer.Waiting);
    }

    private void BreakWhenDown()
    {
        if (down)
        {
            throw keysAreAway ? new KeyStoreUnavailableException(new KeyStoreFailures.Silent()) : new IOException("The disk is away.");
        }
    }

    private async Task<Premises> ConnectedAsync()
    {
        var premises = await Premises.ConnectedAsync(new() { Letters = 0 });
        await premises.CrashAsync();
        await premises.StartAsync(BreakWhenDown, services => services.AddSingleton<IWebhookBuffer>(buffer));
        await premises.SettleAsync();
        return premises;
    }

    /// <summary>Lets the drain run, and the clock, until it is so.</summary>
    private async Task DrainAsync(Premises premises, Func<bool> isSo)
    {
        using var drain = new DrainWebhookBuffer(
            buffer, premises.Get<CarryBufferedPush>(), premises.Clock, NullLogger<DrainWebhookBuffer>.Instance);
        await drain.StartAsync(Cancellation);
        using var patience = Deadline.Start(Cancellation);
        while (!isSo())
        {
            buffer.LetGo();
            premises.Clock.Advance(TimeSpan.FromSeconds(1));
            await Deadline.MomentAsync(patience.Token);
        }

        await drain.StopAsync(Cancellation);
    }
}
