using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using PracticPro.Audit;
using PracticPro.Sandbox;
using PracticPro.Sandbox.Gmail;
using PracticPro.Sandbox.PubSub;
using PracticPro.Simulation.Crash;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Gmail;
using PracticPro.Sync.Published;
using PracticPro.Sync.Webhooks;

namespace PracticPro.Simulation.Sync;

/// <summary>A Gmail mailbox's life.</summary>
internal sealed class MailLife(string address, World world, Random random, bool pushes) : AccountLife(world, random)
{
    public const string PushAudience = "https://practice.example/webhooks/gmail";
    public const string PushAccount = "push@practicpro-sandbox.iam.gserviceaccount.example";

    private readonly RestlessMailbox mailbox = new(world.Mailboxes.Find(address)!, new Random(random.Next()));
    private readonly List<(string Number, DateTimeOffset PublishedAt)> toldOf = [];
    private int told;

    public override Provider Provider => GmailConnector.Name;

    public override string Account => address;

    protected override string[] Paths => ["/history$", "/messages$", "/messages/[0-9a-f]+$", "/profile$", "/watch$"];

    protected override string TokenPath => "^/token$";

    protected override string[] Reasons => ["backendError", "userRateLimitExceeded", "rateLimitExceeded"];

    public override void Fill() => mailbox.Fill(Random.Next(3, 25));

    public override void ChangeOne() => mailbox.ChangeNow();

    public override void Forget()
    {
        var one = World.Mailboxes.Find(address)!;
        lock (one.Gate)
        {
            one.Watch = Random.Next(2) == 0 ? null : one.Watch;

            // One step on, so that even who is up to date falls out of what is remembered.
            one.History.Skip();
            one.History.Expire();
        }
    }

    public override void Revoke() => World.Grants.RevokeAccount(address);

    public override void ExpireAccess() => World.Grants.ExpireAccess(null);

    /// <summary>Once, twice, of old news again, or not at all.</summary>
    public override async Task TellAsync(SyncProgram program, CancellationToken cancellation)
    {
        if (!pushes || Random.Next(3) == 0)
        {
            return;
        }

        toldOf.Add(((++told).ToString(CultureInfo.InvariantCulture), World.Clock.GetUtcNow()));
        await PushAsync(program, toldOf[^1], cancellation);
        if (Random.Next(2) == 0)
        {
            await PushAsync(program, toldOf[Random.Next(toldOf.Count)], cancellation);
        }
    }

    public override Task<bool> GrantLivesAsync(TenantScope scope, Connection connection, CancellationToken cancellation) =>
        MailTruth.GrantLivesAsync(scope, World, connection, cancellation);

    public override Task<IReadOnlyList<string>> DifferencesAsync(
        TenantScope scope, Connection connection, CancellationToken cancellation) =>
        MailTruth.DifferencesAsync(scope, World, address, connection, cancellation);

    private async Task PushAsync(
        SyncProgram program, (string Number, DateTimeOffset PublishedAt) news, CancellationToken cancellation)
    {
        var settings = new PushSettings(new Uri("http://127.0.0.1:9/")) { Audience = PushAudience, Email = PushAccount };
        var token = PushToken.Sign(World.SigningKeys, settings, program.Clock.GetUtcNow(), TokenFault.None);
        var push = new PushMessage($"10000000{news.Number}", address, new HistoryId(42), news.PublishedAt);

        // Whatever is answered: a provider that is not heard tells again or gives up, and neither may lose anything.
        var request = new WebhookRequest(
            ImmutableDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase).Add("Authorization", $"Bearer {token}"),
            ImmutableDictionary<string, string>.Empty,
            Encoding.UTF8.GetBytes(push.ToJson(settings.Subscription).ToJsonString()));
        await program.Get<ReceiveWebhook>().RunAsync(GmailConnector.Name, request, cancellation);
    }
}
