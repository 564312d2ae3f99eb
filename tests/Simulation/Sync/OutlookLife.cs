using System.Globalization;
using System.Text;
using PracticPro.Audit;
using PracticPro.Sandbox;
using PracticPro.Sandbox.Mail;
using PracticPro.Sandbox.Microsoft;
using PracticPro.Sandbox.Microsoft.Identity;
using PracticPro.Sandbox.Microsoft.Mail;
using PracticPro.Sync;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Mailbox;
using PracticPro.Sync.Outlook;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;
using OutlookAccount = PracticPro.Sandbox.Microsoft.OutlookAccount;

namespace PracticPro.Simulation.Sync;

/// <summary>An Outlook account's life: its mail in folders, and its calendar.</summary>
internal sealed class OutlookLife : AccountLife
{
    private static readonly string[] Filed =
        [OutlookMailbox.Inbox, OutlookMailbox.Archive, OutlookMailbox.Junk, OutlookMailbox.Deleted, OutlookMailbox.Sent];

    private static readonly string[] LifecycleEvents = ["reauthorizationRequired", "subscriptionRemoved", "missed"];

    private readonly OutlookAccount account;
    private readonly OutlookDiary diary;
    private int folders;

    public OutlookLife(string address, World world, Random random)
        : base(world, random)
    {
        account = world.Microsoft.Accounts.Open(address);
        diary = new OutlookDiary(account, random);
        Settle(world.Microsoft.Settings);
    }

    public override Provider Provider => OutlookConnector.Name;

    public override string Account => account.Address;

    protected override string[] Paths =>
    [
        "/messages/delta$", "/messages/delta$", "/calendarView/delta$", "/me/messages/[^/]+$", "/me/events/[^/]+$",
        "/mailFolders/delta$", "^/v1.0/subscriptions",
    ];

    protected override string TokenPath => "/oauth2/v2.0/token$";

    protected override string[] Reasons => ["backendError", "TooManyRequests", "generalException", "GatewayTimeout"];

    public override void Fill()
    {
        lock (account.Gate)
        {
            for (var left = Random.Next(3, 20); left > 0; left--)
            {
                Arrive();
            }

            diary.Fill();
        }
    }

    public override void ChangeOne()
    {
        lock (account.Gate)
        {
            if (Random.Next(2) == 0)
            {
                diary.ChangeOne();
            }
            else
            {
                ChangeMail();
            }
        }
    }

    /// <summary>What it told so far, what it was to tell of, or both; with a word or without one.</summary>
    public override void Forget()
    {
        if (Random.Next(3) > 0)
        {
            lock (account.Gate)
            {
                account.Deltas.Expire(null);
            }
        }

        foreach (var subscription in World.Microsoft.Subscriptions.All.Where(_ => Random.Next(2) == 0))
        {
            if (Random.Next(3) == 0)
            {
                World.Microsoft.Subscriptions.Remove(subscription.Key);
            }
            else
            {
                World.Microsoft.Subscriptions.Tell(subscription, LifecycleEvents[Random.Next(LifecycleEvents.Length)]);
            }
        }
    }

    /// <summary>Access that is out already may stay good for a while.</summary>
    public override void Revoke()
    {
        World.Microsoft.Grants.End(Account, Random.Next(2) == 0 ? GrantEnd.ConsentRemoved : GrantEnd.PasswordChanged);
        if (Random.Next(2) == 0)
        {
            ExpireAccess();
        }
    }

    public override void ExpireAccess() => World.Microsoft.Grants.ExpireAccess(Account);

    public override async Task<bool> GrantLivesAsync(TenantScope scope, Connection connection, CancellationToken cancellation) =>
        await scope.FindAsync(SyncKinds.RefreshToken, connection.Id.Text, cancellation) is { } kept
        && World.Microsoft.Grants.Honours(MicrosoftClient.Default, Encoding.ASCII.GetString(kept.Value.Token));

    public override async Task<IReadOnlyList<string>> DifferencesAsync(
        TenantScope scope, Connection connection, CancellationToken cancellation)
    {
        Dictionary<string, string> letters, events;
        HashSet<string> hollow;
        lock (account.Gate)
        {
            letters = account.Mail.Messages
                .Where(static letter => !letter.IsDraft && !FolderRole.NotFollowed.Contains(letter.Folder.WellKnown ?? ""))
                .ToDictionary(static letter => letter.Key.Immutable, static letter => Line(
                    StreamOf(letter.Folder), letter.IsRead, letter.Flag == "flagged"));
            events = diary.Truth();
            hollow = diary.Hollow();
        }

        return
        [
            .. await VersionsDifferAsync(scope, SyncKinds.Message, connection, Line, letters, cancellation),
            .. await VersionsDifferAsync(
                scope, SyncKinds.CalendarEvent, connection, OutlookDiary.Line, events, cancellation, mayBeHere: hollow),
        ];
    }

    private static string Line(MailMessage kept) =>
        Line(kept.Stream, !kept.Labels.Contains("UNREAD"), kept.Labels.Contains("STARRED"));

    private static string Line(StreamName stream, bool isRead, bool isFlagged) =>
        $"{stream} {(isRead ? "read" : "unread")} {(isFlagged ? "flagged" : "")}";

    private static StreamName StreamOf(OutlookFolder folder) => FolderRole.Stream(
        FolderRole.ByWellKnownName.GetValueOrDefault(folder.WellKnown ?? "", FolderRole.Other), folder.Key);

    // One of the days the real service has been seen to have.
    private void Settle(MicrosoftSettings settings)
    {
        settings.LostSyncState = (LostSyncState)Random.Next(4);
        settings.EchoesScopesInFull = Random.Next(2) == 0;
        settings.CallsMovedDeleted = Random.Next(2) == 0;
        settings.SparseUpdates = Random.Next(2) == 0;
        settings.SeriesLast = Random.Next(2) == 0;
        settings.EmptyPages = Random.Next(3) == 0;
        settings.LargestPage = Random.Next(6) == 0 ? 80 : Random.Next(2, 12);
        settings.Replays = Random.Next(3) == 0 ? Random.Next(1, 4) : 0;
    }

    private void Arrive() => account.Mail.Add(
        GeneratedMail.One(account.Address, account.Made, account.Clock.GetUtcNow(), "arrived"),
        account.Mail[Random.Next(5) == 0 ? Filed[Random.Next(Filed.Length)] : OutlookMailbox.Inbox],
        account.Clock.GetUtcNow(),
        isRead: Random.Next(3) == 0);

    private void ChangeMail()
    {
        OutlookMessage[] all = [.. account.Mail.Messages];
        var one = all.Length == 0 ? null : all[Random.Next(all.Length)];
        switch (Random.Next(16))
        {
            case < 3 when one is not null:
                account.Mail.Change(one, static read => read.IsRead = !read.IsRead, "isRead");
                break;
            case < 5 when one is not null:
                account.Mail.Change(one, static flagged => flagged.Flag = flagged.Flag == "flagged" ? "complete" : "flagged", "flag");
                break;
            case < 8 when one is not null:
                account.Mail.Move(one, Anywhere());
                break;
            case < 10 when one is not null:
                account.Mail.Delete(one);
                break;
            case < 12 when one is not null:
                account.Mail.Erase(one);
                break;
            case 12 when Random.Next(3) == 0:
                ChangeFolders();
                break;
            case 13 when Random.Next(3) == 0:
                FileAll();
                break;
            default:
                Arrive();
                break;
        }
    }

    // With many people at once: each of them is somebody the practice knows less well from then on.
    private void FileAll()
    {
        foreach (var message in account.Mail[OutlookMailbox.Inbox].Messages.ToList())
        {
            account.Mail.Move(message, account.Mail[OutlookMailbox.Sent]);
        }
    }

    private OutlookFolder Anywhere()
    {
        OutlookFolder[] open = [.. account.Mail.Folders.Where(static one => !FolderRole.NotFollowed.Contains(one.WellKnown ?? ""))];
        return open[Random.Next(open.Length)];
    }

    private void ChangeFolders()
    {
        OutlookFolder[] own = [.. account.Mail.Folders.Where(static one => one.WellKnown is null)];
        if (own.Length > 0 && Random.Next(3) == 0)
        {
            account.Mail.DeleteFolder(own[Random.Next(own.Length)]);
            return;
        }

        account.Mail.AddFolder(string.Create(CultureInfo.InvariantCulture, $"Folder {++folders}"), account.Mail.Root);
    }
}
