using PracticPro.Sandbox.Faults;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Sync;

[Trait("Promise", "SYNC-1")]
public sealed class MailboxInStepTests
{
    private static readonly TimeSpan Poll = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task After_the_first_reading_the_store_agrees_with_the_provider()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 40, PageSize = 7 });
        await premises.AssertInStepAsync();
        Assert.NotNull((await premises.CursorAsync()).CompleteSince);
    }

    [Fact]
    public async Task A_push_brings_what_is_new()
    {
        await using var premises = await Premises.ConnectedAsync();
        await premises.Outside.DeliverAsync();
        (await premises.PushAsync()).Expect();
        await premises.SettleAsync();
        await premises.AssertInStepAsync();
    }

    [Fact]
    public async Task A_letter_of_25_megabytes_costs_no_more_than_its_envelope()
    {
        await using var premises = await Premises.ConnectedAsync();
        await premises.Outside.DeliverAsync(text: new string('x', 25_000_000));
        await premises.PassAsync(Poll);
        await premises.AssertInStepAsync();
        Assert.Contains(premises.Outside.Dump().Messages, message => message.Size > 25_000_000);
    }

    [Fact]
    public async Task Without_any_push_the_poll_brings_what_is_new()
    {
        await using var premises = await Premises.ConnectedAsync();
        await premises.Outside.DeliverAsync();
        await premises.PassAsync(Poll);
        await premises.AssertInStepAsync();
    }

    [Fact]
    [Trait("Promise", "SYNC-3")]
    public async Task Labels_trash_and_deletions_at_the_provider_show_here()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 8 });
        var ids = premises.Outside.Dump().Messages.Select(message => message.Id).ToList();
        await premises.Outside.LabelAsync(ids[0], add: ["STARRED"], remove: ["UNREAD", "INBOX"]);
        await premises.Outside.TrashAsync(ids[1]);
        await premises.Outside.DeleteAsync(ids[2]);
        await premises.Outside.LabelAsync(ids[3], add: ["SPAM"]);
        await premises.PassAsync(Poll);
        await premises.AssertInStepAsync();
    }

    [Fact]
    [Trait("Promise", "SYNC-3")]
    public async Task A_message_taken_out_of_the_trash_is_back_in_its_conversation()
    {
        await using var premises = await Premises.ConnectedAsync();
        var id = await premises.Outside.DeliverAsync();
        await premises.PassAsync(Poll);
        await premises.Outside.TrashAsync(id);
        await premises.PassAsync(Poll);
        await premises.AssertInStepAsync();
        await premises.Outside.LabelAsync(id, add: ["INBOX"], remove: ["TRASH"]);
        await premises.PassAsync(Poll);
        await premises.AssertInStepAsync();
    }

    [Fact]
    public async Task A_change_of_labels_alone_fetches_no_message()
    {
        await using var premises = await Premises.ConnectedAsync();
        var fetched = premises.Outside.Asked("messages/{id}");
        await premises.Outside.LabelAsync(premises.Outside.Dump().Messages[0].Id, add: ["STARRED"]);
        await premises.PassAsync(Poll);
        await premises.AssertInStepAsync();
        Assert.Equal(fetched, premises.Outside.Asked("messages/{id}"));
    }

    [Fact]
    public async Task A_forgotten_history_is_made_up_for_by_reading_everything_anew()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 20, PageSize = 6 });
        var ids = premises.Outside.Dump().Messages.Select(message => message.Id).ToList();
        foreach (var id in ids.Take(5))
        {
            await premises.Outside.DeleteAsync(id);
        }

        await premises.Outside.LabelAsync(ids[7], add: ["STARRED"]);
        await premises.Outside.DeliverAsync();
        await premises.Outside.ExpireHistoryAsync();
        await premises.PassAsync(Poll);
        await premises.AssertInStepAsync();
        Assert.Equal(2, (await premises.CursorAsync()).Generation);
    }

    [Fact]
    public async Task A_page_that_fails_in_the_middle_of_a_reading_deletes_nothing()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 12, PageSize = 4 });
        var before = (await premises.StoredMailAsync()).Select(message => message.SourceId).Order().ToList();
        await premises.Outside.ExpireHistoryAsync();
        premises.Outside.Fail("/users/me/messages$", FaultKind.Status, "backendError", times: 2, after: 1);
        await premises.PassAsync(Poll);
        Assert.Equal(before, (await premises.StoredMailAsync()).Select(message => message.SourceId).Order());
        await premises.PassAsync(TimeSpan.FromSeconds(10));
        await premises.PassAsync(TimeSpan.FromSeconds(10));
        await premises.AssertInStepAsync();
    }

    [Fact]
    public async Task A_mailbox_emptied_during_the_first_reading_ends_empty_here()
    {
        await using var premises = await Premises.OpenAsync(new() { Letters = 9, PageSize = 3 });
        premises.Outside.Fail("/users/me/messages$", FaultKind.Status, "backendError", times: 1, after: 1);
        await premises.KeepAsync(premises.ConnectAsync());
        await premises.SettleAsync();
        Assert.NotEmpty(await premises.StoredMailAsync());
        await premises.Outside.EmptyAsync();
        await premises.PassAsync(TimeSpan.FromSeconds(5));
        await premises.AssertInStepAsync();
        Assert.Empty(await premises.StoredMailAsync());
    }

    [Fact]
    public async Task A_history_id_from_the_future_is_made_up_for_by_reading_everything_anew()
    {
        await using var premises = await Premises.ConnectedAsync();
        await premises.ChangeCursorAsync(cursor => cursor with { Point = "18446744073709551615" });
        await premises.Outside.DeliverAsync();
        await premises.PassAsync(Poll);
        await premises.AssertInStepAsync();
    }

    [Fact]
    public async Task A_history_id_that_is_no_number_is_made_up_for_too()
    {
        await using var premises = await Premises.ConnectedAsync();
        await premises.ChangeCursorAsync(cursor => cursor with { Point = "yesterday" });
        await premises.Outside.DeliverAsync();
        await premises.PassAsync(Poll);
        await premises.AssertInStepAsync();
    }

    [Fact]
    public async Task A_clock_that_was_set_back_does_not_keep_a_push_waiting()
    {
        await using var premises = await Premises.ConnectedAsync();
        premises.Clock.Set(premises.Clock.GetUtcNow().AddMinutes(-30));
        await premises.Outside.DeliverAsync();
        (await premises.PushAsync()).Expect();
        await premises.SettleAsync();
        await premises.AssertInStepAsync();
    }

    [Fact]
    public async Task A_crash_in_the_middle_of_the_first_reading_costs_nothing()
    {
        await using var premises = await Premises.OpenAsync(new() { Letters = 9, PageSize = 2 });
        premises.Outside.Fail("/users/me/messages$", FaultKind.Status, "backendError", times: 1, after: 2);
        await premises.KeepAsync(premises.ConnectAsync());
        await premises.SettleAsync();
        await premises.RestartAsync();
        await premises.PassAsync(TimeSpan.FromSeconds(5));
        await premises.AssertInStepAsync();
    }

    [Fact]
    public async Task A_practice_sees_only_its_own_mailbox_beside_another_one()
    {
        await using var premises = await Premises.ConnectedAsync();
        await premises.Outside.FillAsync(4, "other@second.example");
        var other = await premises.FoundAsync("Second Practice", "owner@second-practice.example");
        var connected = await Outside.ConnectAsync(premises, other, consent => consent with { Account = "other@second.example" });
        connected.Expect();
        await premises.SettleAsync();
        await premises.AssertInStepAsync();
    }
}
