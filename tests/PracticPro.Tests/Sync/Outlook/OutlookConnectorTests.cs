using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using PracticPro.Kernel;
using PracticPro.Sandbox.Microsoft.Identity;
using PracticPro.Sync;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Outlook;
using PracticPro.Sync.Streams;
using PracticPro.Sync.Webhooks;
using PracticPro.Tests.Sandbox;
using SandboxOptions = PracticPro.Sandbox.SandboxOptions;

namespace PracticPro.Tests.Sync.Outlook;

/// <summary>How Outlook is connected, listened to and let go.</summary>
public sealed class OutlookConnectorTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_account_is_known_by_its_address()
    {
        await using var stage = await OutlookStage.OpenAsync();

        var account = await stage.Connector.IdentifyAsync(stage.Tokens, new Dictionary<string, string>(), Cancellation);

        Assert.Equal(new ConnectedAccount(SandboxOptions.DefaultOutlookAccount, SandboxOptions.DefaultOutlookAccount), account.Expect());
    }

    [Theory]
    [InlineData("invalid_grant", 700082, true)]
    [InlineData("invalid_grant", 50173, true)]
    [InlineData("invalid_grant", 65001, true)]
    [InlineData("interaction_required", 50076, true)]
    [InlineData("invalid_client", 7000222, false)]
    [InlineData("invalid_grant", 7000222, false)]
    [InlineData("temporarily_unavailable", 90033, false)]
    public async Task Only_what_a_person_must_mend_ends_a_connection(string error, int number, bool isDead)
    {
        await using var stage = await OutlookStage.OpenAsync();
        using var answer = JsonDocument.Parse($$"""{"error":"{{error}}","error_codes":[{{number}}]}""");

        Assert.Equal(isDead, stage.Connector.Terms.SaysDead(answer.RootElement));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Promise", "CON-1")]
    public async Task A_permission_is_the_same_with_the_address_of_Graph_in_front(bool isInFull)
    {
        await using var stage = await OutlookStage.OpenAsync();
        var scopes = stage.Connector.Terms.Scopes;

        var all = scopes.NamedIn(MicrosoftScopes.Echo([.. scopes.Asked, MicrosoftScopes.OpenId], isInFull));
        var others = scopes.NamedIn(MicrosoftScopes.Echo([MicrosoftScopes.ReadUser, MicrosoftScopes.ReadMail], isInFull));

        Assert.Empty(scopes.MissingIn(all));
        Assert.Empty(scopes.ExtraIn(all));
        Assert.Contains("Mail.ReadBasic", scopes.MissingIn(others));
        Assert.Equal("Mail.Read", Assert.Single(scopes.ExtraIn(others)));
    }

    [Fact]
    [Trait("Promise", "CON-1")]
    public async Task No_permission_opens_the_body_of_a_mail()
    {
        await using var stage = await OutlookStage.OpenAsync();

        Assert.DoesNotContain(stage.Connector.Terms.Scopes.Asked, scope => scope is "Mail.Read" or "Mail.ReadWrite");
    }

    [Fact]
    public async Task A_channel_is_opened_renewed_under_its_secret_and_closed()
    {
        await using var stage = await OutlookStage.OpenAsync();
        await using var receiver = await GraphReceiver.StartAsync();
        var inbox = stage.StreamOf("inbox");
        var first = (await OpenAsync(stage, receiver, inbox, null)).Expect();

        stage.Sandbox.Clock.Advance(TimeSpan.FromDays(3));
        stage.Sandbox.World.Grants.ExpireAccess(null);
        var second = (await OpenAsync(stage, receiver, inbox, first)).Expect();
        await stage.Sandbox.DeliverAsync("News", folder: "archive");
        var notice = Read(await receiver.NextAsync());
        var closed = await stage.Connector.Channels!.CloseAsync(stage.Scope, second, Cancellation);
        var again = await stage.Connector.Channels.CloseAsync(stage.Scope, second, Cancellation);

        Assert.Equal((first.Id, first.ProviderRef), (second.Id, second.ProviderRef));
        Assert.Equal(first.ExpiresAt.AddDays(3), second.ExpiresAt);
        Assert.Equal((first.ProviderRef, "s3cret", LifecycleEvent.None), (notice.Subscription, notice.Secret, notice.Lifecycle));
        Assert.True(closed.Succeeded && again.Succeeded);
        Assert.Empty(stage.Sandbox.World.Subscriptions.All);
    }

    [Fact]
    public async Task A_channel_that_the_provider_no_longer_knows_is_ordered_anew()
    {
        await using var stage = await OutlookStage.OpenAsync();
        await using var receiver = await GraphReceiver.StartAsync();
        var first = (await OpenAsync(stage, receiver, OutlookConnector.Calendar, null)).Expect();
        stage.Sandbox.World.Subscriptions.Remove(first.ProviderRef);

        var renewed = await OpenAsync(stage, receiver, OutlookConnector.Calendar, first);
        Assert.IsType<SyncFailures.Gone>(renewed.Failure);
        var second = (await OpenAsync(stage, receiver, OutlookConnector.Calendar, null)).Expect();

        Assert.NotEqual(first.ProviderRef, second.ProviderRef);
        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal("me/events", Assert.Single(stage.Sandbox.World.Subscriptions.All).Resource);
    }

    [Fact]
    public async Task The_inbox_s_channel_tells_of_every_folder_and_the_calendar_s_of_the_calendar()
    {
        await using var stage = await OutlookStage.OpenAsync();
        var (channels, inbox) = (stage.Connector.Channels!, stage.StreamOf("inbox"));
        var streams = await stage.StreamsAsync();
        Assert.Equal(streams.Where(stream => stream != OutlookConnector.Calendar), streams.Where(stream => channels.TellsOf(inbox, stream)));
        Assert.Equal([OutlookConnector.Calendar], streams.Where(stream => channels.TellsOf(OutlookConnector.Calendar, stream)));
    }

    [Fact]
    public async Task Inbox_and_calendar_want_a_channel_and_the_other_folders_hear_through_the_inbox()
    {
        await using var stage = await OutlookStage.OpenAsync();

        var wanting = (await stage.StreamsAsync()).Where(stage.Connector.Channels!.Wants);

        Assert.Equal([OutlookConnector.Calendar, stage.StreamOf("inbox")], wanting.OrderBy(stream => stream.Text, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("reauthorizationRequired", LifecycleEvent.Reauthorise)]
    [InlineData("subscriptionRemoved", LifecycleEvent.Removed)]
    [InlineData("missed", LifecycleEvent.Missed)]
    [InlineData("somethingNew", LifecycleEvent.Missed)]
    public void What_happens_to_a_subscription_is_told_apart(string told, object expected)
    {
        var body = new JsonObject
        {
            ["value"] = new JsonArray(new JsonObject { ["subscriptionId"] = "s", ["clientState"] = "x", ["lifecycleEvent"] = told }),
        };

        Assert.Equal(expected, Read(body).Lifecycle);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"value":[{}]}""")]
    [InlineData("""{"value":"x"}""")]
    [InlineData("not json")]
    public void A_notice_that_cannot_be_read_is_refused(string body) =>
        Assert.IsType<SyncFailures.PushMalformed>(OutlookNotice.Read(System.Text.Encoding.UTF8.GetBytes(body)).Failure);

    [Fact]
    [Trait("Promise", "CON-4")]
    public async Task A_subscription_is_validated_by_saying_the_text_back()
    {
        var request = new WebhookRequest(
            ImmutableDictionary<string, string>.Empty,
            ImmutableDictionary<string, string>.Empty.Add("validationToken", "Validation: a b"),
            default);

        var verdict = await new OutlookWebhook(null!).ProveAsync(request, Cancellation);

        Assert.Equal("Validation: a b", Assert.IsType<WebhookVerdict.Handshake>(verdict).Text);
    }

    [Fact]
    [Trait("Promise", "CON-4")]
    public async Task What_cannot_be_read_is_refused_behind_an_ordinary_answer()
    {
        var request = new WebhookRequest(
            ImmutableDictionary<string, string>.Empty, ImmutableDictionary<string, string>.Empty, "{}"u8.ToArray());

        var verdict = await new OutlookWebhook(null!).ProveAsync(request, Cancellation);

        Assert.Equal(202, Assert.IsType<WebhookVerdict.Refused>(verdict).AnswerAs);
    }

    [Fact]
    public void A_repeated_notice_has_the_key_of_the_first_and_neither_holds_the_secret()
    {
        JsonObject Post(string changeType) => new()
        {
            ["value"] = new JsonArray(new JsonObject
            {
                ["subscriptionId"] = "s", ["clientState"] = "s3cret", ["changeType"] = changeType, ["resourceData"] = new JsonObject { ["id"] = "m" },
            }),
        };

        var (first, again, other) = (Read(Post("created")), Read(Post("created")), Read(Post("updated")));

        Assert.Equal(first.Key, again.Key);
        Assert.NotEqual(first.Key, other.Key);
        Assert.Equal(-1, first.Raw.Span.IndexOf("s3cret"u8));
    }

    private static OutlookNotice Read(JsonNode post) =>
        Assert.Single(OutlookNotice.Read(JsonSerializer.SerializeToUtf8Bytes(post)).Expect());

    private static Task<Outcome<Channel>> OpenAsync(OutlookStage stage, GraphReceiver receiver, StreamName stream, Channel? before) =>
        stage.Connector.Channels!.OpenAsync(
            stage.Scope,
            new ChannelOrder(ChannelId.New(stage.Sandbox.Clock), stream, new SecretText("s3cret"), receiver.Address),
            before,
            Cancellation);
}
