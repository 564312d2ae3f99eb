using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PracticPro.Access;
using PracticPro.Approvals;
using PracticPro.Approvals.Published;
using PracticPro.Audit;
using PracticPro.Hosting.Standalone;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Gmail;
using PracticPro.Sync.Mailbox;
using PracticPro.Sync.Published;
using PracticPro.Vault;

namespace PracticPro.Tests.Web;

/// <summary>
/// The whole program on a free port over a folder of its own, with one practice of two people, one mailbox that looks
/// connected, and everything it logs kept. Nothing is sent: what is approved is held back for ten minutes.
/// </summary>
public sealed class RunningServer : IAsyncLifetime
{
    internal const string OwnerName = "olivia.canaryowner@harbour-clinic.example";
    internal const string DeskName = "fred.canarydesk@harbour-clinic.example";
    internal const string Password = "canary-correct-horse-battery";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("practicpro-web-");
    private WebApplication? app;
    private int proposed;

    internal Uri Address { get; private set; } = null!;

    internal KeptLog Log { get; } = new();

    internal TenantId Tenant { get; private set; }

    internal ConnectionId Mailbox { get; private set; }

    internal IServiceProvider Services => app!.Services;

    internal WebApplication App => app!;

    internal string Folder => folder.FullName;

    public async ValueTask InitializeAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        app = await StandaloneHost.BuildAsync(
            [
                "--Standalone:Folder", folder.FullName,
                "--Standalone:Listen", "http://127.0.0.1:0",
                "--Approvals:UndoDelay", "00:10:00",
                "--Sync:GoogleClientId", "test-client",
                "--Sync:RedirectUri", "http://127.0.0.1:1/connect/google/callback",
                "--Egress:Homes:google-consent", "http://127.0.0.1:1",
                "--Egress:Homes:google-oauth", "http://127.0.0.1:1",
                "--Egress:Homes:google-gmail", "http://127.0.0.1:1",
                "--Egress:Homes:google-keys", "http://127.0.0.1:1",
            ],
            cancellation);
        Services.GetRequiredService<ILoggerFactory>().AddProvider(Log);
        await app.StartAsync(cancellation);
        Address = new Uri(app.Urls.First());
        await FillAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
        {
            await app.StopAsync(CancellationToken.None);
            await app.DisposeAsync();
        }

        folder.Delete(recursive: true);
    }

    internal Caller Nobody() => new(Address);

    internal Task<Caller> OwnerAsync() => SignedInAsync(OwnerName);

    internal Task<Caller> DeskAsync() => SignedInAsync(DeskName);

    /// <summary>A new approval that waits, of a mail nobody proposed before.</summary>
    internal async Task<Approval> ProposeAsync(
        string subject = "Re: your visit", string text = "See you on Monday.", string name = "Ann Able", string because = "They wait.")
    {
        var cancellation = TestContext.Current.CancellationToken;
        var basis = $"test.{Interlocked.Increment(ref proposed)}";
        var outcome = await Services.GetRequiredService<ProposeMail>().RunAsync(
            Tenant,
            new ProposeMail.Proposal(
                new Actor.Job("test"), Mailbox, null, [new MailParty(EmailAddress.Parse("ann.canaryann@known.example"), name)],
                subject, text, "", "", basis, because),
            cancellation);
        return (await Services.GetRequiredService<ReadApprovals>().FindAsync(Tenant, outcome.Expect(), cancellation)).Expect();
    }

    /// <summary>Another address of the mailbox's, which the provider has seen verified.</summary>
    internal async Task VerifyAsync(string address)
    {
        var scope = await Services.GetRequiredService<TenantScopes>().OpenAsync(Tenant, TestContext.Current.CancellationToken);
        var settings = new MailboxSettings(
            Mailbox, MailboxSettingsSource.Stream, MailboxSettingsSource.Whole, [],
            [new SendAsAddress(EmailAddress.Parse(address), "", IsVerified: true, IsDefault: false)]);
        Assert.IsType<CommitOutcome.Committed>(await scope.CommitAsync(
            [scope.Put(SyncKinds.MailboxSettings, settings, Condition.Absent)], TestContext.Current.CancellationToken));
    }

    private async Task<Caller> SignedInAsync(string name)
    {
        var caller = Nobody();
        await caller.SignInAsync(name, Password);
        return caller;
    }

    private async Task FillAsync(CancellationToken cancellation)
    {
        var order = new CreatePractice.Order(
            "Harbour Clinic", "practice-os", "Olivia Canaryowner", OwnerName, new SecretText(Password));
        Tenant = (await Services.GetRequiredService<CreatePractice>().RunAsync(order, cancellation)).Expect();
        var time = Services.GetRequiredService<TimeProvider>();
        var scope = await Services.GetRequiredService<TenantScopes>().OpenAsync(Tenant, cancellation);
        Mailbox = ConnectionId.New(time);
        var mailbox = new Connection(
            Mailbox, GmailConnector.Name, new ConnectedAccount("front@harbour-clinic.example", "front@harbour-clinic.example"),
            ConnectionState.Active, GmailConnector.Scopes, PersonId.New(time), time.GetUtcNow());
        var desk = new Person(
            PersonId.New(time), EmailAddress.Parse(DeskName), "Fred Canarydesk", PasswordHash.Of(new SecretText(Password)),
            Roles.FrontDesk, time.GetUtcNow());
        await SignInDirectory.ClaimAsync(
            Services.GetRequiredService<FleetDirectory>(),
            desk.SignInName,
            new FleetEntry(Tenant, desk.Id.Text),
            cancellation);
        await scope.CommitAsync(
            [scope.Put(SyncKinds.Connection, mailbox, Condition.Absent), scope.Put(AccessKinds.Person, desk, Condition.Absent)],
            cancellation);
    }
}
