using System.Text;
using PracticPro.Sandbox.Faults;
using PracticPro.Sandbox.Mail;
using PracticPro.Sandbox.Microsoft;
using PracticPro.Sandbox.Microsoft.Mail;
using PracticPro.Sync;
using PracticPro.Sync.Mailbox;
using PracticPro.Sync.Outlook;
using PracticPro.Sync.Streams;
using OutlookAccount = PracticPro.Sync.Outlook.OutlookAccount;
using Seeded = PracticPro.Sandbox.Seeded;

namespace PracticPro.Tests.Sync.Outlook;

/// <summary>Outlook's folders kept in step, at the sandbox.</summary>
[Trait("Promise", "SYNC-1")]
public sealed class OutlookMailInStepTests
{
    private const string Inbox = OutlookMailbox.Inbox;
    private const string Archive = OutlookMailbox.Archive;

    [Fact]
    [Trait("Promise", "SYNC-2")]
    public async Task A_first_reading_shows_every_folder_as_it_is_and_no_body_crosses_the_wire()
    {
        await using var stage = await OutlookStage.OpenAsync(filled: true);

        await stage.ReadAllAsync();

        Assert.True(stage.Mirror.Values.OfType<MailMessage>().Count() > 20);
        stage.AssertMailInStep();
        Assert.Equal(0, stage.Sandbox.World.Traffic.BodiesServed);
        Assert.InRange(stage.Sandbox.World.Traffic.Highest, 1, OutlookAccount.AtOnce);
    }

    [Fact]
    [Trait("Promise", "SYNC-3")]
    public async Task What_comes_changes_moves_and_goes_there_does_so_here()
    {
        await using var stage = await OutlookStage.OpenAsync();
        var (first, second, third) = (Deliver(stage), Deliver(stage), Deliver(stage));
        await stage.ReadAllAsync();

        Act(stage, mailbox => mailbox.Change(first, message => (message.IsRead, message.Flag) = (true, "flagged"), "isRead", "flag"));
        Act(stage, mailbox => mailbox.Move(second, mailbox[Archive]));
        Act(stage, mailbox => mailbox.Erase(third));
        Deliver(stage);
        await stage.FollowAllAsync();

        Assert.Equal(3, stage.Mirror.Count);
        stage.AssertMailInStep();
        Assert.Equal("INBOX STARRED", string.Join(' ', ((MailMessage)stage.Mirror[first.Key.Immutable]).Labels));
    }

    [Theory]
    [InlineData(Inbox, Archive, false)]
    [InlineData(Archive, Inbox, false)]
    [InlineData(Inbox, Archive, true)]
    [InlineData(Archive, Inbox, true)]
    public async Task A_moved_message_is_neither_lost_nor_doubled_whichever_folder_tells_first(
        string first, string second, bool callsItDeleted)
    {
        await using var stage = await OutlookStage.OpenAsync();
        var message = Deliver(stage);
        await stage.ReadAllAsync();
        stage.Sandbox.World.Settings.CallsMovedDeleted = callsItDeleted;
        Act(stage, mailbox => mailbox.Move(message, mailbox[Archive]));

        Assert.Null(await stage.FollowAsync(stage.StreamOf(first)));
        Assert.Single(stage.Mirror);
        Assert.Null(await stage.FollowAsync(stage.StreamOf(second)));

        stage.AssertMailInStep();
    }

    [Fact]
    public async Task A_message_that_moves_away_and_back_between_two_looks_stays()
    {
        await using var stage = await OutlookStage.OpenAsync();
        var message = Deliver(stage);
        await stage.ReadAllAsync();

        Act(stage, mailbox => mailbox.Move(message, mailbox[Archive]));
        Assert.Null(await stage.FollowAsync(stage.StreamOf(Archive)));
        Act(stage, mailbox => mailbox.Move(message, mailbox[Inbox]));
        await stage.FollowAllAsync();

        stage.AssertMailInStep();
    }

    [Theory]
    [InlineData(nameof(LostSyncState.Gone))]
    [InlineData(nameof(LostSyncState.ResyncRequired))]
    [InlineData(nameof(LostSyncState.NotFound))]
    [InlineData(nameof(LostSyncState.Invalid))]
    public async Task A_folder_whose_state_the_provider_lost_is_read_anew_and_what_went_meanwhile_goes(string way)
    {
        await using var stage = await OutlookStage.OpenAsync();
        var (kept, erased, moved) = (Deliver(stage), Deliver(stage), Deliver(stage));
        await stage.ReadAllAsync();
        stage.Sandbox.World.Settings.LostSyncState = Enum.Parse<LostSyncState>(way);
        Act(stage, mailbox => mailbox.Erase(erased));
        Act(stage, mailbox => mailbox.Move(moved, mailbox[Archive]));
        stage.There.Deltas.Expire(null);

        Assert.IsType<SyncFailures.CursorExpired>(await stage.FollowOnceAsync(stage.StreamOf(Inbox)));
        await stage.FollowAllAsync();

        stage.AssertMailInStep();
        Assert.Contains(kept.Key.Immutable, stage.Mirror.Keys);
        Assert.DoesNotContain(erased.Key.Immutable, stage.Mirror.Keys);
    }

    [Fact]
    public async Task A_draft_is_nobodys_mail_and_what_was_sent_is_the_practices_own()
    {
        await using var stage = await OutlookStage.OpenAsync();
        await stage.ReadAllAsync();
        OutlookMessage? draft = null;
        Act(stage, mailbox => draft = mailbox.AddDraft(
            OutlookLetter.Read("From: frontdesk@harbour-clinic.example\r\nTo: Ada <ada@mail.example>\r\nMessage-ID: <d1@ours>\r\n\r\nx"u8.ToArray()), null));

        await stage.FollowAllAsync();
        Assert.Empty(stage.Mirror);
        Act(stage, mailbox => mailbox.Send(draft!));
        await stage.FollowAllAsync();

        var sent = Assert.IsType<MailMessage>(Assert.Single(stage.Mirror.Values));
        Assert.Equal((Direction.Outbound, "ada@mail.example", "Ada"), (sent.Direction, sent.Counterpart!.Address.Text, sent.Counterpart.Name));
        Assert.Equal("SENT", Assert.Single(sent.Labels));
    }

    [Fact]
    public async Task The_streams_are_the_folders_by_their_roles_without_drafts_and_outbox()
    {
        await using var stage = await OutlookStage.OpenAsync();
        stage.There.Mail.AddFolder("Clients", stage.There.Mail[Inbox].Key);

        var streams = await stage.StreamsAsync();

        Assert.Equal(
            ["calendar", "folder", "folder", "inbox", "junk", "sent", "trash"],
            streams.Select(stream => stream.Text.Split('.')[0]).Order());
        Assert.Contains(stage.StreamOf(Inbox), streams);
    }

    [Fact]
    public async Task A_folder_that_is_gone_says_so()
    {
        await using var stage = await OutlookStage.OpenAsync();
        var folder = stage.There.Mail.AddFolder("Old", stage.There.Mail.Root);
        var stream = FolderRole.Stream(FolderRole.Other, folder.Key);
        await stage.ReadAsync(stream);

        stage.There.Mail.DeleteFolder(folder);

        Assert.IsType<SyncFailures.Gone>(await stage.FollowAsync(stream));
    }

    [Theory]
    [InlineData("TooManyRequests", 17)]
    [InlineData("ApplicationThrottled", 3)]
    [InlineData("serviceNotAvailable", 9)]
    public async Task The_provider_is_waited_for_as_long_as_it_asks(string code, int seconds)
    {
        await using var stage = await OutlookStage.OpenAsync();
        stage.Sandbox.Host.World.Faults.Add(
            new FaultMatch("GET", "/messages/", null), new FaultAction(FaultKind.Status) { Reason = code, Seconds = seconds });

        var step = await stage.StepAsync(stage.StreamOf(Inbox), new StreamRequest.Read(null, null));

        Assert.Equal(TimeSpan.FromSeconds(seconds), Assert.IsType<SyncFailures.RateLimited>(step.Failure).Wait);
    }

    [Fact]
    public async Task A_token_that_ran_out_is_renewed_once_and_the_call_made_again()
    {
        await using var stage = await OutlookStage.OpenAsync();
        Deliver(stage);
        stage.Sandbox.World.Grants.ExpireAccess(null);

        await stage.ReadAsync(stage.StreamOf(Inbox));

        Assert.Single(stage.Mirror);
        Assert.Equal(1, stage.Tokens.Renewals);
    }

    [Theory]
    [InlineData("truncate")]
    [InlineData("malformed")]
    [InlineData("drop-before")]
    public async Task An_answer_that_cannot_be_read_changes_nothing(string kind)
    {
        await using var stage = await OutlookStage.OpenAsync();
        Deliver(stage);
        await stage.Sandbox.Http.PostAsync(
            "/control/faults",
            new StringContent($$$"""{"match":{"pathRegex":"/v1.0/"},"action":{"kind":"{{{kind}}}"}}""", Encoding.UTF8, "application/json"),
            TestContext.Current.CancellationToken);

        var step = await stage.StepAsync(stage.StreamOf(Inbox), new StreamRequest.Read(null, null));

        Assert.NotNull(step.Failure);
        Assert.Empty(stage.Mirror);
        await stage.ReadAsync(stage.StreamOf(Inbox));
        stage.AssertMailInStep();
    }

    [Fact]
    public async Task The_facts_of_a_message_follow_from_its_envelope()
    {
        await using var stage = await OutlookStage.OpenAsync();
        string[] letters =
        [
            "From: Ada <ada@mail.example>\r\nReply-To: Ada at home <home@mail.example>\r\nSubject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\nMessage-ID: <a@x>\r\nReferences: <r1@x> <r2@x>\r\n\r\nx",
            "From: News <news@shop.example>\r\nList-Unsubscribe: <mailto:x@shop.example>\r\nMessage-ID: <b@x>\r\n\r\nx",
            "From: No one <no-reply@shop.example>\r\nMessage-ID: <c@x>\r\n\r\nx",
            "Subject: nobody wrote this\r\n\r\nx",
        ];
        List<OutlookMessage> there = [.. letters.Select(letter => Deliver(stage, letter))];

        await stage.ReadAsync(stage.StreamOf(Inbox));
        List<MailMessage> here = [.. there.Select(message => (MailMessage)stage.Mirror[message.Key.Immutable])];

        Assert.Equal(("home@mail.example", "Ada at home", "Grüße", "<a@x>", "<r1@x> <r2@x>"),
            (here[0].Counterpart!.Address.Text, here[0].Counterpart!.Name, here[0].Subject, here[0].MessageId, here[0].References));
        Assert.Equal([false, true, true, false], here.Select(mail => mail.Bulk));
        Assert.Null(here[3].Counterpart);
        Assert.All(here, mail => Assert.Equal("INBOX UNREAD", string.Join(' ', mail.Labels)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Whatever_happens_there_and_in_whatever_order_it_is_told_all_agrees_in_the_end(int seed)
    {
        await using var stage = await OutlookStage.OpenAsync();
        var chance = new Seeded(seed, "outlook in step");
        var settings = stage.Sandbox.World.Settings;
        (settings.SparseUpdates, settings.EmptyPages, settings.CallsMovedDeleted, settings.Replays) =
            (chance.Chance(50), chance.Chance(50), chance.Chance(50), chance.Below(3));
        settings.LostSyncState = (LostSyncState)chance.Below(4);
        await stage.ReadAllAsync();
        string[] folders = [Inbox, Archive, OutlookMailbox.Deleted, OutlookMailbox.Junk, OutlookMailbox.Sent];
        for (var at = 0; at < 60; at++)
        {
            Happen(stage, chance, folders);
            if (chance.Chance(40))
            {
                Assert.Null(await stage.FollowAsync(stage.StreamOf(folders[chance.Below(folders.Length)])));
            }
        }

        // Twice: what a late page put back to where it had been, the next round of that folder puts right.
        await stage.FollowAllAsync();
        await stage.FollowAllAsync();

        stage.AssertMailInStep();
        Assert.Equal(0, stage.Sandbox.World.Traffic.BodiesServed);
    }

    private static void Happen(OutlookStage stage, Seeded chance, string[] folders)
    {
        List<OutlookMessage> all = [.. stage.There.Mail.Messages.OrderBy(message => message.ArrivedRevision)];
        if (all.Count == 0 || chance.Chance(35))
        {
            Deliver(stage);
            return;
        }

        var message = all[chance.Below(all.Count)];
        Act(stage, mailbox =>
        {
            switch (chance.Below(5))
            {
                case 0:
                    mailbox.Change(message, changed => changed.IsRead = !changed.IsRead, "isRead");
                    break;
                case 1:
                    mailbox.Change(message, changed => changed.Flag = changed.Flag == "flagged" ? "notFlagged" : "flagged", "flag");
                    break;
                case 2:
                    mailbox.Erase(message);
                    break;
                default:
                    mailbox.Move(message, mailbox[folders[chance.Below(folders.Length)]]);
                    break;
            }
        });
        if (chance.Chance(5))
        {
            stage.There.Deltas.Expire(null);
        }
    }

    private static OutlookMessage Deliver(OutlookStage stage, string? letter = null)
    {
        var raw = Encoding.UTF8.GetBytes(letter ?? $"From: Ada <ada@mail.example>\r\nMessage-ID: <m{stage.There.Revision}@x>\r\n\r\nx");
        OutlookMessage? message = null;
        Act(stage, mailbox => message = mailbox.Add(MailFolder.Message("test", raw), mailbox[Inbox], stage.Sandbox.Clock.GetUtcNow(), isRead: false));
        return message!;
    }

    private static void Act(OutlookStage stage, Action<OutlookMailbox> act)
    {
        lock (stage.There.Gate)
        {
            act(stage.There.Mail);
        }
    }
}
