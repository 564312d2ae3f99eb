using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Published;
using PracticPro.Sync.Webhooks;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Sync;

/// <summary>What any provider posts: proven, kept, told once, and gone through again.</summary>
[Trait("Promise", "CON-4")]
public sealed class WebhookTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_notification_is_kept_sealed_for_seven_days_and_can_be_gone_through_again()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 0 });
        (await premises.PushAsync("77")).Expect();
        await premises.SettleAsync();
        var kept = Assert.Single(await KeptAsync(premises));
        Assert.Contains("messageId", Encoding.UTF8.GetString(Assert.Single(kept.Notes).Raw), StringComparison.Ordinal);

        var asked = premises.Outside.Asked("/history");
        Assert.Equal(1, (await ReplayAsync(premises)).Expect());
        await premises.SettleAsync();
        Assert.Equal(asked + 1, premises.Outside.Asked("/history"));

        premises.Clock.Advance(KeptWebhook.Lifetime);
        Assert.Equal(0, (await ReplayAsync(premises)).Expect());
        var scope = await premises.ScopeAsync();
        await PruneWebhooks.RunAsync(
            scope, premises.Connection, premises.Clock.GetUtcNow() - KeptWebhook.Lifetime + TimeSpan.FromSeconds(1), Cancellation);
        Assert.Empty(await KeptAsync(premises));
    }

    [Fact]
    public async Task What_was_kept_goes_with_the_connection()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 0 });
        (await premises.PushAsync("77")).Expect();
        (await premises.Get<EndConnection>().RunAsync(premises.Owner, premises.Connection, Cancellation)).Expect();
        await premises.SettleAsync();
        Assert.Empty(await KeptAsync(premises));
        Assert.IsType<SyncFailures.NotConnected>((await ReplayAsync(premises)).Failure);
    }

    [Fact]
    public async Task What_was_kept_is_not_readable_in_the_folder()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 0 });
        (await premises.PushAsync("770077007700")).Expect();
        await premises.CrashAsync();
        premises.AssertNowhereInFolder("770077007700");
    }

    [Fact]
    public async Task A_repeat_is_dropped_after_a_restart_too()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 0 });
        (await premises.PushAsync("77")).Expect();
        await premises.SettleAsync();
        await premises.RestartAsync();
        var asked = premises.Outside.Asked("/history");
        (await premises.PushAsync("77")).Expect();
        await premises.SettleAsync();
        Assert.Equal(asked, premises.Outside.Asked("/history"));
        Assert.Single(await KeptAsync(premises));
    }

    [Fact]
    [Trait("Promise", "ISO-1")]
    public async Task One_post_about_two_practices_is_taken_apart()
    {
        await using var provider = await TurningProvider.StartAsync(Cancellation);
        await using var premises = await WithWebhookAsync(provider);
        await premises.KeepAsync(Turning.ConnectAsync(premises, "company-1"));
        var other = await premises.FoundAsync("Second Practice", "owner@second-practice.example");
        var theirs = (await Turning.ConnectAsync(premises, "company-2", by: other)).Expect();
        Assert.Equal(200, (await PostAsync(premises, "good", "company-1 a\ncompany-2 b\ncompany-3 c")).Expect().Status);

        Assert.Equal("company-1 a", RawOf(Assert.Single(await KeptAsync(premises))));
        var scope = await premises.Get<TenantScopes>().OpenAsync(other.Tenant, Cancellation);
        Assert.Equal("company-2 b", RawOf(Assert.Single(await KeptAsync(scope, theirs))));
    }

    [Fact]
    public async Task A_bad_one_is_answered_as_the_provider_wants_it_and_leaves_nothing()
    {
        await using var provider = await TurningProvider.StartAsync(Cancellation);
        await using var premises = await WithWebhookAsync(provider);
        await premises.KeepAsync(Turning.ConnectAsync(premises, "company-1"));
        Assert.Equal(202, (await PostAsync(premises, "bad", "company-1 a")).Expect().Status);
        Assert.Empty(await KeptAsync(premises));
    }

    [Fact]
    public async Task A_handshake_is_said_back()
    {
        await using var provider = await TurningProvider.StartAsync(Cancellation);
        await using var premises = await WithWebhookAsync(provider);
        var answer = (await PostAsync(premises, "shake", "")).Expect();
        Assert.Equal((200, "hello"), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task A_post_to_nobodys_address_is_not_found()
    {
        await using var premises = await Premises.OpenAsync(new() { Letters = 0 });
        Assert.IsType<SyncFailures.NoSuchProvider>((await PostAsync(premises, "good", "")).Failure);
    }

    private static Task<Outcome<int>> ReplayAsync(Premises premises) =>
        premises.Get<ReplayWebhooks>().RunAsync(premises.Tenant, premises.Connection, Cancellation);

    private static async Task<IReadOnlyList<KeptWebhook>> KeptAsync(Premises premises) =>
        await KeptAsync(await premises.ScopeAsync(), premises.Connection);

    private static async Task<IReadOnlyList<KeptWebhook>> KeptAsync(TenantScope scope, ConnectionId connection)
    {
        var page = await scope.Records.ListAsync(
            SyncKinds.Webhook, KeptWebhook.ByConnection, KeptWebhook.PrefixOf(connection), ListOrder.Ascending, 100, null, Cancellation);
        return [.. page.Items.Select(item => item.Value)];
    }

    private static string RawOf(KeptWebhook kept) => Encoding.UTF8.GetString(Assert.Single(kept.Notes).Raw);

    private static Task<Premises> WithWebhookAsync(TurningProvider provider) =>
        Turning.OpenAsync(provider, more: services => services.AddSingleton<IWebhook, LineWebhook>());

    private static Task<Outcome<WebhookAnswer>> PostAsync(Premises premises, string proof, string body) =>
        premises.Get<ReceiveWebhook>().RunAsync(
            TurningConnector.Name,
            new WebhookRequest(
                ImmutableDictionary<string, string>.Empty.Add("Proof", proof),
                ImmutableDictionary<string, string>.Empty,
                Encoding.UTF8.GetBytes(body)),
            Cancellation);

    /// <summary>A line for each account: its key, a blank, the notification's id.</summary>
    private sealed class LineWebhook : IWebhook
    {
        public Provider Provider => TurningConnector.Name;

        public Task<WebhookVerdict> ProveAsync(WebhookRequest request, CancellationToken cancellation) =>
            Task.FromResult<WebhookVerdict>(request.Headers["Proof"] switch
            {
                "shake" => new WebhookVerdict.Handshake("hello"),
                "good" => new WebhookVerdict.Proven([
                    .. Encoding.UTF8.GetString(request.Body.Span).Split('\n').Select(line => new WebhookNote(
                        new NoteAddress.Account(line.Split(' ')[0]), line.Split(' ')[1], Encoding.UTF8.GetBytes(line)))])
                {
                    Status = 200,
                },
                _ => new WebhookVerdict.Refused(new SyncFailures.PushUnproven(), AnswerAs: 202),
            });
    }
}
