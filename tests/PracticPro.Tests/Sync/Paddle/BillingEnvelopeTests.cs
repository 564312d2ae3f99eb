using System.Text;
using PracticPro.Kernel;
using PracticPro.Sync.Paddle;

namespace PracticPro.Tests.Sync.Paddle;

public sealed class BillingEnvelopeTests
{
    [Fact]
    public void The_practice_is_the_one_the_checkout_named()
    {
        var practice = TenantId.New(TimeProvider.System);

        var envelope = Read(Envelope("subscription.created", $"{{\"practice\":\"{practice}\"}}"));

        Assert.Equal(("evt_01abc", "subscription.created", practice.Text), (envelope!.Event, envelope.Kind, envelope.Practice));
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 9, 0, 0, TimeSpan.Zero).AddTicks(1_234_560), envelope.HappenedAt);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("{\"practice\":7}")]
    public void One_that_names_no_practice_is_of_nobody(string custom) => Assert.Null(Read(Envelope("x", custom))!.Practice);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"event_id\":\"evt_../../x\",\"event_type\":\"x\",\"occurred_at\":\"2026-11-22T09:00:00Z\"}")]
    [InlineData("{\"event_id\":\"sub_01\",\"event_type\":\"x\",\"occurred_at\":\"2026-11-22T09:00:00Z\"}")]
    [InlineData("{\"event_id\":\"evt_01\",\"event_type\":\"x\",\"occurred_at\":\"yesterday\"}")]
    [InlineData("{\"event_id\":\"evt_01\",\"event_type\":\"x\"}")]
    public void What_is_no_notification_is_none(string body) => Assert.Null(Read(body));

    private static string Envelope(string kind, string custom) =>
        "{\"event_id\":\"evt_01abc\",\"event_type\":\"" + kind + "\",\"occurred_at\":\"2026-11-22T09:00:00.123456Z\","
        + "\"notification_id\":\"ntf_01\",\"data\":{\"id\":\"sub_1\",\"custom_data\":" + custom + "}}";

    private static BillingEnvelope? Read(string body) => BillingEnvelope.Read(Encoding.UTF8.GetBytes(body));
}
