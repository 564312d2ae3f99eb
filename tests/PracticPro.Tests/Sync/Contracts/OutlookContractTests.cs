using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using PracticPro.Kernel;
using PracticPro.Sandbox.Faults;
using PracticPro.Sandbox.Mail;
using PracticPro.Sandbox.Microsoft.Mail;
using PracticPro.Storage;
using PracticPro.Sync;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Mailbox;
using PracticPro.Sync.Outlook;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;
using PracticPro.Tests.Support;
using PracticPro.Vault;
using SandboxOptions = PracticPro.Sandbox.SandboxOptions;

namespace PracticPro.Tests.Sync.Contracts;

public sealed class OutlookContractTests : ConnectorContract
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_letter_that_somebody_files_among_the_sent_ones_leaves_no_contact_behind()
    {
        await using var played = await OpenAsync(items: 1);
        var account = Assert.IsType<Account>(played);
        Assert.Single(await ContactsAsync(account.Premises));

        lock (account.There.Gate)
        {
            account.There.Mail.Move(account.There.Mail.Messages.Single(), account.There.Mail[OutlookMailbox.Sent]);
        }

        await account.Premises.PassAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(account.Truth(), await account.StoredAsync());
        Assert.Empty(await ContactsAsync(account.Premises));
    }

    private protected override async Task<IPlayedAccount> OpenAsync(int items, int pageSize = 100)
    {
        var premises = await Premises.OpenAsync();
        var account = new Account(premises);
        premises.Sandbox.World.Microsoft.Settings.LargestPage = pageSize;
        for (var item = 0; item < items; item++)
        {
            await account.AddAsync();
        }

        await premises.KeepAsync(ConnectAsync(premises));
        await premises.SettleAsync();
        return account;
    }

    private static async Task<IReadOnlyList<Stored<MailContact>>> ContactsAsync(Premises premises) =>
        (await (await premises.ScopeAsync()).Records.ListAsync(
            SyncKinds.Contact, MailContact.ByLastContact, "", ListOrder.Ascending, 200, after: null, Ending)).Items;

    private static async Task<Outcome<ConnectionId>> ConnectAsync(Premises premises)
    {
        var page = (await premises.Get<StartConnection>().RunAsync(premises.Owner, OutlookConnector.Name, Ending)).Expect();
        var asked = QueryHelpers.ParseQuery(page.Query).ToDictionary(static field => field.Key, static field => field.Value.ToString());
        asked["account"] = SandboxOptions.DefaultOutlookAccount;
        asked["decision"] = "allow";
        using var browser = LoopbackHttp.To(premises.Sandbox.Address);
        using var form = new FormUrlEncodedContent(
            [.. asked, .. asked["scope"].Split(' ').Select(static scope => KeyValuePair.Create("granted", scope))]);
        using var sent = await browser.PostAsync(page.AbsolutePath, form, Ending);
        var back = QueryHelpers.ParseQuery(sent.Headers.Location!.Query);
        var answer = new FinishConnection.Answer("outlook", back["state"], back["code"]);
        return await premises.Get<FinishConnection>().RunAsync(premises.Owner, answer, Ending);
    }

    private sealed class Account(Premises premises) : IPlayedAccount
    {
        private int made;

        public Premises Premises => premises;

        public PracticPro.Sandbox.Microsoft.OutlookAccount There =>
            premises.Sandbox.World.Microsoft.Accounts.Find(SandboxOptions.DefaultOutlookAccount)!;

        public Task<string> AddAsync(string text = "")
        {
            var raw = Encoding.UTF8.GetBytes(
                $"From: Ada <ada@mail.example>\r\nSubject: Letter {made}\r\nMessage-ID: <m{made++}@mail.example>\r\n\r\n{text}");
            lock (There.Gate)
            {
                var mailbox = There.Mail;
                return Task.FromResult(mailbox.Add(
                    MailFolder.Message("test", raw), mailbox[OutlookMailbox.Inbox], premises.Clock.GetUtcNow(), isRead: false).Key.Immutable);
            }
        }

        public Task EditAsync(string id) => Act(id, (mailbox, message) =>
            mailbox.Change(message, static changed => changed.IsRead = !changed.IsRead, "isRead"));

        public Task DeleteAsync(string id) => Act(id, static (mailbox, message) => mailbox.Erase(message));

        public async Task<bool> MoveAsync(string id)
        {
            await Act(id, static (mailbox, message) => mailbox.Move(message, mailbox[OutlookMailbox.Archive]));
            return true;
        }

        public Task ExpireAsync()
        {
            lock (There.Gate)
            {
                There.Deltas.Expire(null);
            }

            return Task.CompletedTask;
        }

        public void FailPages(int after, int times) => premises.Sandbox.World.Faults.Add(
            new FaultMatch("GET", "/messages/delta$", null),
            new FaultAction(FaultKind.Status) { Reason = "serviceNotAvailable" },
            after,
            times);

        public IReadOnlyList<string> Truth()
        {
            lock (There.Gate)
            {
                return
                [
                    .. There.Mail.Messages.OrderBy(static message => message.ReceivedAt).ThenBy(static message => message.Key.Immutable, StringComparer.Ordinal)
                        .Select(static message => Line(
                            message.Key.Immutable, message.Folder.Key, message.IsRead, message.Letter.Subject)),
                ];
            }
        }

        public async Task<IReadOnlyList<string>> StoredAsync()
        {
            var scope = await premises.ScopeAsync();
            List<string> lines = [];
            foreach (var cursor in await StreamsOf.CursorsAsync(scope, premises.Connection, Ending))
            {
                var page = await scope.Records.ListAsync(
                    SyncKinds.Message, MailMessage.ByGeneration, MirrorKey.Prefix(premises.Connection, cursor.Value.Stream),
                    ListOrder.Ascending, 200, after: null, Ending);
                lines.AddRange(page.Items.Select(static item => Line(
                    item.Value.SourceId, FolderRole.Of(item.Value.Stream).Folder, !item.Value.Labels.Contains("UNREAD"), item.Value.Subject)));
            }

            return lines;
        }

        public ValueTask DisposeAsync() => premises.DisposeAsync();

        private static string Line(string id, string folder, bool isRead, string subject) => $"{id} {folder} {isRead} {subject}";

        private Task Act(string id, Action<OutlookMailbox, OutlookMessage> act)
        {
            lock (There.Gate)
            {
                act(There.Mail, There.Mail.Find(id)!);
            }

            return Task.CompletedTask;
        }
    }
}
