using Microsoft.Extensions.DependencyInjection;
using PracticPro.Storage;
using PracticPro.Sync.Webhooks;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Sync.Webhooks;

/// <summary>Pushes about one mailbox that come while another one about it is being written.</summary>
[Trait("Promise", "SYNC-1")]
public sealed class TogetherTests : IDisposable
{
    private readonly MemoryWebhookBuffer buffer = new();
    private readonly SemaphoreSlim reached = new(0);
    private readonly ManualResetEventSlim goOn = new(initialState: true);
    private bool down;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        goOn.Dispose();
        reached.Dispose();
    }

    [Fact]
    public async Task Each_is_kept_and_a_repeat_among_them_is_dropped()
    {
        await using var premises = await ConnectedAsync();
        var asked = premises.Outside.Asked("/history");
        goOn.Reset();
        var first = premises.PushAsync("77");
        await reached.WaitAsync(Cancellation);
        Task[] others = [premises.PushAsync("78"), premises.PushAsync("79"), premises.PushAsync("77"), premises.PushAsync("78")];
        goOn.Set();
        (await first).Expect();
        await Task.WhenAll(others);
        await premises.SettleAsync();

        Assert.Equal(3, (await premises.KeptWebhooksAsync(premises.Connection)).Count);
        Assert.InRange(premises.Outside.Asked("/history") - asked, 1, 2);
    }

    [Fact]
    public async Task Repeats_that_come_in_a_crowd_take_no_news_along()
    {
        await using var premises = await ConnectedAsync();
        string[] known = ["71", "72", "73"];
        await Task.WhenAll(known.Select(push => premises.PushAsync(push)));
        goOn.Reset();
        var first = premises.PushAsync("77");
        await reached.WaitAsync(Cancellation);
        var others = known.Append("78").Concat(known).Append("79").Select(push => premises.PushAsync(push)).ToList();
        goOn.Set();
        await Task.WhenAll([first, .. others]);

        Assert.Equal(6, (await premises.KeptWebhooksAsync(premises.Connection)).Count);
    }

    [Fact]
    public async Task Each_is_buffered_when_the_store_goes_away_under_them()
    {
        await using var premises = await ConnectedAsync();
        goOn.Reset();
        var first = premises.PushAsync("77");
        await reached.WaitAsync(Cancellation);
        Task[] others = [premises.PushAsync("78"), premises.PushAsync("79")];
        down = true;
        goOn.Set();
        (await first).Expect();
        await Task.WhenAll(others);

        Assert.Equal(
            from id in new[] { "77", "78", "79" } select WebhookNote.KeyOf(id, PremisesMail.Published),
            buffer.Waiting.Select(static one => one.Push).Order(StringComparer.Ordinal));
        down = false;
    }

    private void BeforeWrite()
    {
        if (!goOn.IsSet)
        {
            reached.Release();
            goOn.Wait(Cancellation);
        }

        if (down)
        {
            throw new IOException("The disk is away.");
        }
    }

    private async Task<Premises> ConnectedAsync()
    {
        var premises = await Premises.ConnectedAsync(new() { Letters = 0 });
        await premises.CrashAsync();
        await premises.StartAsync(BeforeWrite, services => services.AddSingleton<IWebhookBuffer>(buffer));
        await premises.SettleAsync();
        return premises;
    }
}
