using PracticPro.Access;
using PracticPro.Durable;
using PracticPro.Durable.Triggers;
using PracticPro.Sync.Budgets;
using PracticPro.Sync.Channels;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Gmail;
using PracticPro.Sync.GoogleCalendar;
using PracticPro.Sync.Outbound;
using PracticPro.Sync.Outlook;
using PracticPro.Sync.Paddle;
using PracticPro.Sync.Published;
using PracticPro.Sync.Push;
using PracticPro.Sync.QuickBooks;
using PracticPro.Sync.Streams.Coverage;
using PracticPro.Sync.Streams.Journal;
using PracticPro.Sync.Webhooks;
using PracticPro.Vault;

namespace PracticPro.Sync;

/// <summary>Registers this room. Needs the grounds, <see cref="SyncOptions"/> and a <see cref="TimeProvider"/>.</summary>
internal static class SyncRegistration
{
    public static IServiceCollection AddSync(this IServiceCollection services) => services
        .AddSingleton<CallBudget>()
        .AddSingleton<GmailConnector>()
        .AddSingleton<IConnector>(static services => services.GetRequiredService<GmailConnector>())
        .AddSingleton<ConnectorBook>()
        .AddSingleton<OAuthGrants>()
        .AddSingleton<SharedGrants>()
        .AddSingleton<RenewTokens>()
        .AddSingleton<AccessTokens>()
        .AddSingleton<GmailMailboxes>()
        .AddSingleton<GmailSender>()
        .AddSingleton(static services => new ProviderPort<IMailSender>(
            Provider.Parse("gmail"), services.GetRequiredService<GmailSender>()))
        .AddSingleton(typeof(ProviderPorts<>))
        .AddSingleton<IMailSender, MailSenders>()
        .AddSingleton<IEventWriter, EventWriters>()
        .AddSingleton<ITaskWriter, TaskWriters>()
        .AddSingleton<MailFacts>()
        .AddSingleton<CalendarFacts>()
        .AddSingleton<CoverageFacts>()
        .AddSingleton<ReplaySync>()
        .AddSingleton<ReplayNightly>()
        .AddSingleton<StartConnection>()
        .AddSingleton<FinishConnection>()
        .AddSingleton<EndConnection>()
        .AddSingleton<ListConnections>()
        .AddSingleton<ListNotices>()
        .AddSingleton<PushProof>()
        .AddSingleton<SyncMeter>()
        .AddSingleton<NudgeConnection>()
        .AddSingleton<IWebhook, GmailWebhook>()
        .AddSingleton<ReceiveWebhook>()
        .AddSingleton<ReplayWebhooks>()
        .AddSingleton<ChannelDirectory>()
        .AddSingleton<KeepChannels>()
        .AddSingleton<CarryBufferedPush>()
        .AddGoogleCalendar()
        .AddOutlook()
        .AddQuickBooks()
        .AddPaddle()
        .AddSealedKinds(
            SyncKinds.Connection.Sealed,
            SyncKinds.Notice.Sealed,
            SyncKinds.Renewal.Sealed,
            SyncKinds.Channel.Sealed,
            SyncKinds.Webhook.Sealed,
            SyncKinds.Tokens.Sealed,
            SyncKinds.AccessToken.Sealed,
            SyncKinds.RefreshToken.Sealed,
            SyncKinds.Attempt.Sealed,
            SyncKinds.Roll.Sealed,
            SyncKinds.Cursor.Sealed,
            SyncKinds.MailCursor.Sealed,
            SyncKinds.Journal.Sealed,
            SyncKinds.Coverage.Sealed,
            SyncKinds.CalendarEvent.Sealed,
            SyncKinds.Message.Sealed,
            SyncKinds.MailboxSettings.Sealed,
            SyncKinds.Contact.Sealed,
            SyncKinds.Thread.Sealed)
        .AddSingleton<IFleetListing, AccountDirectory.Listing>()
        .AddSingleton<IFleetListing, ChannelDirectory.Listing>()
        .AddFunctions(typeof(CarryBufferedPush))
        .AddDurableWork(static registry => registry
            .AddOrchestration<KeepInStep>(KeepInStep.Name.Text)
            .AddActivity<TakeSyncStep>(KeepInStep.StepName.Text)
            .AddOrchestration<GiveBackGrant>(GiveBackGrant.Name.Text)
            .AddActivity<GiveBackGrant.Revoke>(GiveBackGrant.RevokeName.Text)
            .AddActivity<GiveBackGrant.Forget>(GiveBackGrant.ForgetName.Text));
}
