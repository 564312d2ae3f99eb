using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;
using PracticPro.Sync.Webhooks;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Sync.Webhooks;

/// <summary>What a connection's loop is told of the notifications that came.</summary>
[Trait("Promise", "SYNC-1")]
public sealed class ToldTests
{
    private static readonly DateTimeOffset Today = new(2026, 11, 27, 9, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(500);

    [Fact]
    public void Each_note_of_a_post_is_told()
    {
        var told = Told([("a", "1"), ("a", "2"), (null, "3"), ("a", "1")]);
        Assert.Equal(["a", "a", null], told.Select(static one => one.Stream));
        Assert.Equal(3, told.Select(static one => one.Key).Distinct().Count());
    }

    [Fact]
    public void Of_several_posts_each_stream_is_told_once()
    {
        var told = Told([("a", "1"), ("a", "2"), (null, "3"), (null, "4")], areTogether: true);
        Assert.Equal(["a", null], told.Select(static one => one.Stream));
    }

    [Fact]
    public void Of_many_notes_each_stream_is_told_once() =>
        Assert.Equal(["a"], Told(Enumerable.Range(0, 17).Select(static at => ((string?)"a", $"{at}"))).Select(static one => one.Stream));

    [Fact]
    public void Of_more_streams_than_sixteen_none_is_left_out() =>
        Assert.Equal([null], Told(Enumerable.Range(0, 17).Select(static at => ((string?)$"s{at}", $"{at}"))).Select(static one => one.Stream));

    [Fact]
    public void Gone_through_again_what_is_about_many_streams_leaves_none_out()
    {
        Assert.Equal(["s0", "s1", null], Streams(["s0", "s1", "s0", null]));
        Assert.Equal(8, Streams(Enumerable.Range(0, 8).Select(static at => $"s{at}")).Count());
        Assert.Equal([null], Streams(Enumerable.Range(0, 9).Select(static at => $"s{at}")));

        static IEnumerable<string?> Streams(IEnumerable<string?> of) => ReplayWebhooks.StreamsOf(
            new KeptWebhook(
                ConnectionId.New(TimeProvider.System),
                "key",
                Today,
                [.. of.Select(static stream => new KeptNote(stream is null ? null : StreamName.Parse(stream), WebhookKind.News, []))]))
            .Select(static stream => stream?.Text);
    }

    [Fact]
    public void The_same_alone_has_the_same_name_whatever_it_came_with() =>
        Assert.Equal(Told([("a", "1")])[0].Key, Told([("a", "1"), ("b", "2")], areTogether: true)[0].Key);

    [Fact]
    public void What_was_made_earlier_is_kept_before_what_was_made_later()
    {
        DateTimeOffset[] moments = [DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddMilliseconds(255), Today, Today.AddMilliseconds(1), DateTimeOffset.MaxValue];
        string[] keys = [.. moments.Select(static at => Told([(null, WebhookNote.KeyOf("7", at))])[0].Key)];
        Assert.Equal(keys.Order(StringComparer.Ordinal), keys);
        Assert.All(keys, static key => Assert.Matches("^[0-9a-f]{12}[A-Za-z0-9_-]{24}$", key));
    }

    [Theory]
    [InlineData("7")]
    [InlineData("0123456789ab")]
    [InlineData("0123456789aB.7")]
    [InlineData("")]
    public void What_does_not_say_when_it_was_made_is_kept_by_its_hash(string key) =>
        Assert.Matches("^[A-Za-z0-9_-]{24}$", Told([(null, WebhookNote.KeyOf(key, null))])[0].Key);

    [Fact]
    public void A_time_before_all_times_is_none() => Assert.Equal("7", WebhookNote.KeyOf("7", DateTimeOffset.UnixEpoch.AddTicks(-1)));

    [Fact]
    public async Task Pushes_that_come_soon_after_a_look_are_seen_to_by_one_look_a_moment_later()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 0, BetweenLooks = Moment });
        var asked = premises.Outside.Asked("/history");
        (await premises.PushAsync("77")).Expect();
        await premises.SettleAsync();
        (await premises.PushAsync("78")).Expect();
        await premises.SettleAsync();
        Assert.Equal(asked, premises.Outside.Asked("/history"));

        await premises.PassAsync(Moment);
        Assert.Equal(asked + 1, premises.Outside.Asked("/history"));
        await premises.PassAsync(Moment);
        await premises.PassAsync(Moment);
        Assert.Equal(asked + 1, premises.Outside.Asked("/history"));

        (await premises.PushAsync("79")).Expect();
        await premises.SettleAsync();
        Assert.Equal(asked + 2, premises.Outside.Asked("/history"));
    }

    private static List<(string? Stream, string Key)> Told(IEnumerable<(string? Stream, string Key)> notes, bool areTogether = false) =>
    [
        .. NudgeConnection.Told(
            [
                .. notes.Select(static note => new WebhookNote(new NoteAddress.Account("somebody"), note.Key, default)
                {
                    Stream = note.Stream is null ? null : StreamName.Parse(note.Stream),
                }),
            ],
            areTogether).Select(static one => (one.Stream?.Text, one.Key)),
    ];
}
