using PracticPro.Kernel;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Gmail;
using PracticPro.Sync.Webhooks;

namespace PracticPro.Sync;

/// <summary>What customers were told about keeping in step, as far as this room keeps it.</summary>
internal static class SyncPromises
{
    public static readonly Promise LeastPermission = new(
        "CON-1",
        "We ask a provider for the least permission that works, and refuse a grant that holds anything else.",
        LegalSource.Gdpr5,
        typeof(FinishConnection));

    public static readonly Promise TokensSealed = new(
        "CON-2",
        "Connector tokens are sealed under a key of their own and never shown, logged or returned.",
        LegalSource.Gdpr32,
        typeof(AccessTokens));

    public static readonly Promise DisconnectRevokes = new(
        "CON-3",
        "Disconnecting gives the grant back at the provider, stops its notifications and deletes our tokens.",
        LegalSource.SecurityPages,
        typeof(GiveBackGrant));

    public static readonly Promise PushesVerified = new(
        "CON-4",
        "A notification is verified before anything in it is read; a bad one is counted and dropped.",
        LegalSource.SecurityPages,
        typeof(ReceiveWebhook));

    public static readonly Promise InStep = new(
        "SYNC-1",
        "The mailbox stays in step: nothing lost and nothing twice, through crashes, repeats, rate limits and expired cursors.",
        LegalSource.SecurityPages,
        typeof(KeepInStep));

    public static readonly Promise BodiesNotStored = new(
        "SYNC-2",
        "Bodies of mail are not stored; for the sync they are not even fetched.",
        LegalSource.Gdpr5,
        typeof(GmailMailbox));

    public static readonly Promise CorrectedAtSource = new(
        "SYNC-3",
        "What is changed or deleted at the provider is changed or deleted here at the next sync.",
        LegalSource.Gdpr5,
        typeof(Streams.AdvanceStream));
}
