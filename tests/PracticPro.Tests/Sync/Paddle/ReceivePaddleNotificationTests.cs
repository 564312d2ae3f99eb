using System.Text;
using System.Text.Json.Nodes;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Sandbox.Paddle;
using PracticPro.Sandbox.Webhooks;
using PracticPro.Sync;
using PracticPro.Sync.Paddle;
using PracticPro.Tests.Support;
using PracticPro.Vault;

namespace PracticPro.Tests.Sync.Paddle;

[Trait("Promise", "CON-4")]
public sealed class ReceivePaddleNotificationTests
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_proven_event_is_kept_as_it_came()
    {
        await using var premises = await Premises.OpenAsync();
        var sent = Emit(premises, premises.Tenant);

        Assert.True((await ReceiveAsync(premises, sent)).Try(out _, out _));

        var kept = await KeptAsync(premises, sent);
        Assert.Equal(sent.Body, kept!.Raw);
        Assert.Equal("subscription.created", kept.Kind);
    }

    [Fact]
    public async Task An_event_that_comes_again_under_another_notification_is_kept_once()
    {
        await using var premises = await Premises.OpenAsync();
        var first = Emit(premises, premises.Tenant);
        await ReceiveAsync(premises, first);
        var replayed = premises.Sandbox.World.Paddle.Notify(EventOf(first))!;

        Assert.True((await ReceiveAsync(premises, replayed)).Try(out _, out _));

        Assert.NotEqual(first.Body, replayed.Body);
        Assert.Equal(first.Body, (await KeptAsync(premises, first))!.Raw);
    }

    [Fact]
    public async Task One_with_another_body_than_was_signed_is_refused_and_nothing_kept()
    {
        await using var premises = await Premises.OpenAsync();
        var sent = Emit(premises, premises.Tenant);

        var outcome = await ReceiveAsync(premises, sent, SignatureFault.OtherBody);

        Assert.IsType<SyncFailures.PushUnproven>(outcome.Failure);
        Assert.Null(await KeptAsync(premises, sent));
    }

    [Fact]
    public async Task One_for_a_practice_that_is_not_here_is_not_acknowledged()
    {
        await using var premises = await Premises.OpenAsync();

        var stranger = await ReceiveAsync(premises, Emit(premises, TenantId.New(premises.Clock)));
        var nobody = await ReceiveAsync(premises, premises.Sandbox.World.Paddle.Emit("transaction.completed", null));

        Assert.IsType<SyncFailures.NoticeForNobody>(stranger.Failure);
        Assert.IsType<SyncFailures.NoticeForNobody>(nobody.Failure);
    }

    private static WebhookDelivery Emit(Premises premises, TenantId practice) => premises.Sandbox.World.Paddle.Emit(
        "subscription.created",
        new JsonObject { ["id"] = "sub_01", ["custom_data"] = new JsonObject { ["practice"] = practice.Text } });

    private static Task<Outcome<Done>> ReceiveAsync(
        Premises premises, WebhookDelivery sent, SignatureFault fault = SignatureFault.None)
    {
        var scheme = new PaddleScheme();
        var receive = new ReceivePaddleNotification(
            premises.Get<FleetDirectory>(),
            premises.Get<TenantScopes>(),
            new SyncOptions { PaddleSecrets = [new SecretText("being replaced"), new SecretText(PaddleScheme.DefaultSecret)] },
            premises.Get<SyncMeter>(),
            premises.Clock);
        var header = scheme.Headers(sent.Body, premises.Clock.GetUtcNow(), fault).Select(static pair => pair.Value).SingleOrDefault();
        return receive.RunAsync(header, sent.Body, Ending);
    }

    private static async Task<BillingNotice?> KeptAsync(Premises premises, WebhookDelivery sent) =>
        (await (await premises.ScopeAsync()).FindAsync(BillingNotice.Kept, EventOf(sent), Ending))?.Value;

    private static string EventOf(WebhookDelivery sent) =>
        (string)JsonNode.Parse(Encoding.UTF8.GetString(sent.Body))!["event_id"]!;
}
