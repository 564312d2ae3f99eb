using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using PracticPro.Sandbox;
using PracticPro.Sandbox.Faults;
using PracticPro.Sandbox.Gmail;
using PracticPro.Sandbox.PubSub;
using PracticPro.Simulation.Crash;
using PracticPro.Sync.Gmail;
using PracticPro.Sync.Webhooks;

namespace PracticPro.Simulation.Sync;

/// <summary>A Gmail mailbox's own life in a run: what changes in it, what goes wrong there, what it tells of.</summary>
internal sealed class MailLife(string address, World world, Random random, bool pushes)
{
    public const string PushAudience = "https://practice.example/webhooks/gmail";
    public const string PushAccount = "push@practicpro-sandbox.iam.gserviceaccount.example";

    private static readonly string[] Paths =
        ["/history$", "/messages$", "/messages/[0-9a-f]+$", "/profile$", "/watch$", "^/token$"];

    private static readonly string[] Reasons =
        ["backendError", "userRateLimitExceeded", "rateLimitExceeded", "backendError"];

    private readonly RestlessMailbox mailbox = new(world.Mailboxes.Find(address)!, new Random(random.Next()));
    private readonly List<string> toldOf = [];
    private int told;

    public void Fill(int messages) => mailbox.Fill(messages);

    public void Change(int changes)
    {
        for (var change = 0; change < changes; change++)
        {
            mailbox.ChangeNow();
        }
    }

    /// <summary>A rule that lets some calls through and then strikes some.</summary>
    public string BreakSomething()
    {
        var path = Paths[random.Next(Paths.Length)];
        var kind = random.Next(7) switch
        {
            0 => FaultKind.DropBefore,
            1 => FaultKind.DropAfter,
            2 => FaultKind.Truncate,
            3 => FaultKind.Malformed,
            _ => FaultKind.Status,
        };
        var action = new FaultAction(kind) { Reason = path == "^/token$" ? "backendError" : Reasons[random.Next(Reasons.Length)] };
        world.Faults.Add(new FaultMatch(null, path, null), action, random.Next(0, 6), random.Next(1, 4));
        return kind == FaultKind.Status ? $"{action.Reason} at {path}" : $"{kind} at {path}";
    }

    /// <summary>The provider forgets what was: history ids from before are too old.</summary>
    public void ForgetHistory()
    {
        var one = world.Mailboxes.Find(address)!;
        lock (one.Gate)
        {
            // One step on, so that even who is up to date falls out of what is remembered.
            one.History.Skip();
            one.History.Expire();
        }
    }

    public void KillWatch() => world.Mailboxes.Find(address)!.Watch = null;

    /// <summary>Tells of news: once, twice, of old news again, or not at all.</summary>
    public async Task TellAsync(SyncProgram program, CancellationToken cancellation)
    {
        if (!pushes || random.Next(3) == 0)
        {
            return;
        }

        toldOf.Add((++told).ToString(CultureInfo.InvariantCulture));
        await PushAsync(program, toldOf[^1], cancellation);
        if (random.Next(2) == 0)
        {
            await PushAsync(program, toldOf[random.Next(toldOf.Count)], cancellation);
        }
    }

    public void Mend() => world.Faults.Clear();

    private async Task PushAsync(SyncProgram program, string number, CancellationToken cancellation)
    {
        var settings = new PushSettings(new Uri("http://127.0.0.1:9/")) { Audience = PushAudience, Email = PushAccount };
        var token = PushToken.Sign(world.SigningKeys, settings, program.Clock.GetUtcNow(), TokenFault.None);
        var push = new PushMessage($"10000000{number}", address, new HistoryId(42), world.Clock.GetUtcNow());

        // Whatever is answered: a provider that is not heard tells again or gives up, and neither may lose anything.
        var request = new WebhookRequest(
            ImmutableDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase).Add("Authorization", $"Bearer {token}"),
            ImmutableDictionary<string, string>.Empty,
            Encoding.UTF8.GetBytes(push.ToJson(settings.Subscription).ToJsonString()));
        await program.Get<ReceiveWebhook>().RunAsync(GmailConnector.Name, request, cancellation);
    }
}
