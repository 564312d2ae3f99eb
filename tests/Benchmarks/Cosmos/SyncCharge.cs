using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.Access;
using PracticPro.Approvals;
using PracticPro.Audit;
using PracticPro.Cli.Demo;
using PracticPro.Durable.Remote;
using PracticPro.Egress;
using PracticPro.Hosting;
using PracticPro.Hosting.Functions;
using PracticPro.Hosting.Standalone;
using PracticPro.Kernel;
using PracticPro.Sandbox;
using PracticPro.Sandbox.Gmail;
using PracticPro.Sandbox.Mail;
using PracticPro.Storage;
using PracticPro.Sync;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Gmail;
using PracticPro.Sync.Streams;

namespace PracticPro.Benchmarks.Cosmos;

/// <summary>
/// What one message of a first complete reading costs: the program itself, below its HTTP face, reads a mailbox of the
/// sandbox into Cosmos. Everything is in it that was asked of the account from the consent to the end, divided by the
/// messages: cursors, orders, audit leaves, the outbox pump's rounds. The letters are as dear as letters get: nearly every
/// one is from somebody new and begins a conversation, so it is three new documents (message, contact, thread).
/// </summary>
internal static class SyncCharge
{
    /// <summary>Letters that came in; the mailbox has their answers too.</summary>
    private const int Letters = 400;
    private const double Bound = 15;
    private const string Mailbox = "owner@harbour-clinic.example";
    private const string Person = "owner@practice.example";
    private static readonly SecretText Password = new("a password for one round");
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    public static async Task<ChargeRow> MeasureAsync(CancellationToken cancellation)
    {
        await using var sandbox = await SandboxHost.StartAsync(
            new SandboxOptions { Fill = false, Mailboxes = [Mailbox] }, cancellation);
        Fill(sandbox);
        await using var store = await ChargedStore.OpenAsync(cancellation);
        var options = Options(store, sandbox.Address);
        var grounds = await Grounds.OpenAsync(options, TimeProvider.System, NullLoggerFactory.Instance, cancellation);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging();
        builder.Services
            .AddPracticPro(options, grounds, TimeProvider.System)

            // The last registration counts: records are in the account, only keys are on this machine.
            .AddSingleton<IStorage>(store.Storage)
            .AddSingleton(store.Storage.Fleet)
            .AddSingleton(store.Bell)
            .AddHostedService<OutboxPump>();
        using var host = builder.Build();
        await host.StartAsync(cancellation);
        var owner = await FoundAsync(host.Services, cancellation);

        var before = store.Charge;
        await ReadAsync(host.Services, owner, sandbox.Address, cancellation);
        var units = (store.Charge - before) / sandbox.World.Mailboxes.Find(Mailbox)!.Count;
        await host.StopAsync(cancellation);
        return new ChargeRow("synced-message", Bound, units);
    }

    private static async Task<SignedIn> FoundAsync(IServiceProvider services, CancellationToken cancellation)
    {
        await services.GetRequiredService<CreatePractice>().RunAsync(
            new CreatePractice.Order("Harbour Clinic", "practice-os", "Olga Owner", Person, Password), cancellation);
        var signedIn = (await services.GetRequiredService<SignIn>().RunAsync(Person, Password, cancellation)).Expect();
        return (await services.GetRequiredService<Sessions>().FindAsync(signedIn.Tenant, signedIn.Token, cancellation)).Expect();
    }

    /// <summary>Connects the mailbox and waits until it is read. The looks cost a unit a second, which is left in.</summary>
    private static async Task ReadAsync(IServiceProvider services, SignedIn owner, Uri sandbox, CancellationToken cancellation)
    {
        using var browser = new DemoSandbox(sandbox);
        var page = (await services.GetRequiredService<StartConnection>().RunAsync(owner, GmailConnector.Name, cancellation)).Expect();
        var back = QueryHelpers.ParseQuery((await browser.ConsentAsync(page, Mailbox, cancellation)).Query);
        var connection = (await services.GetRequiredService<FinishConnection>().RunAsync(
            owner, new FinishConnection.Answer("google", back["state"], back["code"]), cancellation)).Expect();
        var scope = await services.GetRequiredService<TenantScopes>().OpenAsync(owner.Tenant, cancellation);
        while ((await scope.FindAsync(SyncKinds.Cursor, MirrorKey.Of(connection, MirrorKey.Mailbox), cancellation))?.Value.CompleteSince is null)
        {
            await Task.Delay(Glance, TimeProvider.System, cancellation);
        }
    }

    private static void Fill(SandboxHost sandbox)
    {
        var mailbox = sandbox.World.Mailboxes.Find(Mailbox)!;
        lock (mailbox.Gate)
        {
            MailboxSeeding.Fill(
                mailbox, GeneratedMail.Make(Mailbox, Letters, mailbox.Made.For("generated"), mailbox.Clock.GetUtcNow()));
        }
    }

    private static ProgramOptions Options(ChargedStore store, Uri sandbox) => new(
        new StandaloneOptions { Folder = Path.Combine(store.Folder, "program") },
        new ClockOptions(),
        new EgressOptions
        {
            Homes = new Dictionary<string, Uri>
            {
                [GoogleServices.Gmail.Name] = sandbox,
                [GoogleServices.Grants.Name] = sandbox,
                [GoogleServices.Keys.Name] = sandbox,
                [GoogleServices.Consent.Name] = sandbox,
            },
        },
        new SyncOptions
        {
            GoogleClientId = DemoSandbox.ClientId,
            GoogleClientSecret = new SecretText(DemoSandbox.ClientSecret),
            RedirectUri = new Uri("http://127.0.0.1:9/connect/google/callback"),
            UnitsPerMinute = 15_000_000,
            ProjectUnitsPerMinute = 1_500_000_000,
        },
        new ApprovalOptions(),
        new AccessOptions(),
        new SchedulerOptions(),
        new FunctionsOptions());
}
