using FsCheck;
using FsCheck.Fluent;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync;
using PracticPro.Sync.Mailbox;
using PracticPro.Sync.Streams;
using PracticPro.Tests.Keys;
using PracticPro.Tests.Support;
using PracticPro.Vault;

namespace PracticPro.Tests.Sync.Streams;

/// <summary>Parts of a page that are written at the same time leave what they leave one after the other.</summary>
[Trait("Promise", "SYNC-1")]
public sealed class PageWriterTests
{
    private const int MostMessages = 24;
    private const int Conversations = 6;
    private const int People = 4;

    private static readonly StreamName Mailbox = StreamName.Parse("mail");
    private static readonly LogName FirstLog = new("first");
    private static readonly LogName LastLog = new("last");
    private static readonly Operation[] First = [new Operation.Append(FirstLog, new byte[] { 1 })];
    private static readonly Operation[] Last = [new Operation.Append(LastLog, new byte[] { 1 })];

    // Few conversations and few people: hardly a part that touches nothing of another's.
    private static readonly Gen<(int Id, int Thread, int Person, int At, string Label)> Letters =
        from id in Gen.Choose(0, MostMessages - 1)
        from thread in Gen.Choose(0, Conversations - 1)
        from person in Gen.Choose(0, People - 1)
        from at in Gen.Choose(0, 9)
        from label in Gen.Elements("INBOX", "SENT", "TRASH")
        select (id, thread, person, at, label);

    private static readonly Gen<(int[] Gone, (int Id, int Thread, int Person, int At, string Label)[] Present)> Pages =
        from letters in Letters.ListOf()
        from gone in Gen.Choose(0, MostMessages - 1).ListOf(4)
        let present = letters.DistinctBy(static letter => letter.Id).ToArray()
        select (gone.Distinct().Except(present.Select(static letter => letter.Id)).ToArray(), present);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_follows_from_mail_is_what_follows_from_all_of_it_whatever_was_written_together(bool lastAlone) =>
        Prop.ForAll(
                Pages.ListOf(3).ToArbitrary(),
                pages => HoldsAsync(pages, lastAlone).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_a_page_the_first_part_is_written_before_the_others_and_the_last_one_after_them(bool lastAlone)
    {
        using var engine = new EngineFixture(new PlayedProvider());
        var all = await engine.ScopeAsync();
        List<int> stored = [];
        engine.Power = new Power { Before = CountAsync };

        await WriteAsync(engine, await engine.ScopeAsync(), Apart(engine, all, 6), lastAlone);

        Assert.Equal(0, stored[0]);
        Assert.All(stored[1..^1], static count => Assert.InRange(count, 1, 4));
        Assert.Equal(5, stored[^1]);
        Assert.Equal(6, stored.Count);
        Assert.Equal(6, (await StoredAsync(all, SyncKinds.Message, MailMessage.ByGeneration)).Count);

        async Task CountAsync()
        {
            var count = (await StoredAsync(all, SyncKinds.Message, MailMessage.ByGeneration)).Count;
            lock (stored)
            {
                stored.Add(count);
            }
        }
    }

    [Fact]
    public async Task What_is_to_be_done_before_the_last_part_is_done_when_all_others_are_written()
    {
        using var engine = new EngineFixture(new PlayedProvider());
        var scope = await engine.ScopeAsync();
        List<string> seen = [];

        await Writer(engine, scope).WriteAsync(
            Apart(engine, scope, 6),
            [],
            async () => seen.AddRange((await StoredAsync(scope, SyncKinds.Message, MailMessage.ByGeneration)).Select(static mail => mail.SourceId)),
            NothingLast);

        Assert.Equal(["m0", "m1", "m2", "m3", "m4"], seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Of_a_page_whose_first_part_is_not_written_nothing_is()
    {
        using var engine = new EngineFixture(new PlayedProvider());
        var spared = await engine.ScopeAsync();
        var writes = 0;

        // The first write alone fails: any other would be taken.
        engine.Power = new Power { Before = () => Interlocked.Increment(ref writes) == 1 ? throw new PowerLostException() : Task.CompletedTask };
        var writer = Writer(engine, await engine.ScopeAsync());

        await Assert.ThrowsAsync<PowerLostException>(() => writer.WriteAsync(Apart(engine, spared, 6), First, before: null, NothingLast));

        engine.Power = new Power();
        Assert.Empty(await StoredAsync(await engine.ScopeAsync(), SyncKinds.Message, MailMessage.ByGeneration));
    }

    [Fact]
    public async Task Parts_that_touch_nothing_of_one_another_do_not_wait_for_one_another()
    {
        using var patience = Deadline.Start(Cancellation);
        var arrived = 0;
        var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var engine = new EngineFixture(new PlayedProvider());

        // The tenant's keys are there before the writes that meet.
        var spared = await engine.ScopeAsync();
        engine.Power = new Power { Before = MeetAsync };

        await WriteAsync(engine, await engine.ScopeAsync(), Apart(engine, spared, 4), lastAlone: false);

        Assert.Equal(4, arrived);

        // The first and the last go alone.
        Task MeetAsync()
        {
            var number = Interlocked.Increment(ref arrived);
            if (number == 3)
            {
                met.SetResult();
            }

            return number is 2 or 3 ? met.Task.WaitAsync(patience.Token) : Task.CompletedTask;
        }
    }

    [Fact]
    public async Task A_part_about_a_conversation_that_another_adds_to_is_made_anew_when_that_one_is_written()
    {
        using var engine = new EngineFixture(new PlayedProvider());
        var scope = await engine.ScopeAsync();
        await WriteAsync(engine, scope, [Part(engine, scope, (0, 0, 0, 1, "INBOX")), Part(engine, scope, (2, 0, 0, 5, "INBOX"))], lastAlone: false);

        // The second part folds the conversation anew from its messages. The first one's is not among them yet.
        await WriteAsync(engine, scope, [Part(engine, scope, (1, 0, 0, 3, "INBOX")), Part(engine, scope, (2, 0, 0, 5, "TRASH"))], lastAlone: false);

        Assert.Equal("m1", Assert.Single(await StoredAsync(scope, SyncKinds.Thread, MailThread.ByWaiting)).LastGmailId);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task A_part_that_somebody_else_overtook_is_written_alone_and_none_is_left_out(int overtaken)
    {
        using var engine = new EngineFixture(new PlayedProvider());
        var other = await engine.ScopeAsync();
        var isOvertaken = false;
        engine.Power = new Power { Before = OvertakeAsync };

        await WriteAsync(engine, await engine.ScopeAsync(), Apart(engine, other, 6), lastAlone: false);

        Assert.Equal(6, (await StoredAsync(other, SyncKinds.Message, MailMessage.ByGeneration)).Count);
        Assert.True(isOvertaken);
        Assert.Equal(1, await other.Storage.Logs.CountAsync(FirstLog, Cancellation));
        Assert.Equal(1, await other.Storage.Logs.CountAsync(LastLog, Cancellation));

        async Task OvertakeAsync()
        {
            if (!isOvertaken)
            {
                isOvertaken = true;
                await Writer(engine, other).WriteAsync([Part(engine, other, (overtaken, overtaken, overtaken, 7, "INBOX"))], [], before: null, NothingLast);
            }
        }
    }

    [Fact]
    public async Task A_part_that_is_made_anew_writes_the_record_that_was_sealed_for_it()
    {
        using var engine = new EngineFixture(new PlayedProvider());
        var other = await engine.ScopeAsync();
        var parts = Apart(engine, other, 3);
        var isOvertaken = false;
        engine.Power = new Power { Before = OvertakeAsync };

        await WriteAsync(engine, await engine.ScopeAsync(), parts, lastAlone: false);

        Assert.True(isOvertaken);
        foreach (var sealedItem in parts.SelectMany(static part => part.Present))
        {
            var stored = await other.Records.FindSealedAsync(SyncKinds.Message, sealedItem.Record.Key.Id, Cancellation);
            Assert.Equal(sealedItem.Record.Body.ToArray(), stored!.Document.Body.ToArray());
        }

        // What it follows from is stored meanwhile by somebody else: its conditions no longer hold.
        async Task OvertakeAsync()
        {
            if (!isOvertaken)
            {
                isOvertaken = true;
                await Writer(engine, other).WriteAsync([Part(engine, other, (9, 1, 1, 7, "INBOX"))], [], before: null, NothingLast);
            }
        }
    }

    [Fact]
    public async Task A_contact_whose_latest_message_goes_is_looked_for_back_to_the_month_of_the_one_before_it_and_no_further()
    {
        using var engine = new EngineFixture(new PlayedProvider());
        var scope = await engine.ScopeAsync();
        await WriteAsync(engine, scope, [.. new[] { 0, 3, 6, 9 }.Select(at => Part(engine, scope, (at, at, 0, at, "INBOX")))], lastAlone: false);
        engine.Power = new Power();
        var contact = Assert.Single(await StoredAsync(scope, SyncKinds.Contact, MailContact.ByLastContact));

        await WriteAsync(engine, await engine.ScopeAsync(), [new StreamPart([], ["m9"])], lastAlone: false);

        var hash = contact.AddressHash;
        Assert.Equal(
            [$"2026-06|{hash}|", $"2026-05|{hash}|", $"{hash}|"],
            engine.Power.Lists.Where(static list => list.Index == MailMessage.ByCounterpart).Select(static list => list.Prefix));
        Assert.Equal(
            contact with { LastInboundAt = DayOf(6) },
            Assert.Single(await StoredAsync(scope, SyncKinds.Contact, MailContact.ByLastContact)));
    }

    private static async Task<bool> HoldsAsync(
        IEnumerable<(int[] Gone, (int Id, int Thread, int Person, int At, string Label)[] Present)> pages, bool lastAlone)
    {
        using var engine = new EngineFixture(new PlayedProvider());
        var scope = await engine.ScopeAsync();
        var left = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (gone, present) in pages)
        {
            left.ExceptWith(gone.Select(static id => $"m{id}"));
            left.UnionWith(present.Select(static letter => $"m{letter.Id}"));
            StreamPart[] parts =
            [
                .. present.Chunk(2).Select(some => new StreamPart([.. some.Select(letter => Sealed(engine, scope, letter))], [])),
                .. gone.Select(static id => new StreamPart([], [$"m{id}"])),
            ];
            if (parts.Length > 0)
            {
                await WriteAsync(engine, scope, parts, lastAlone);
            }
        }

        var messages = await StoredAsync(scope, SyncKinds.Message, MailMessage.ByGeneration);
        Assert.Equal(left.Order(StringComparer.Ordinal), messages.Select(static mail => mail.SourceId).Order(StringComparer.Ordinal));
        var threads = await StoredAsync(scope, SyncKinds.Thread, MailThread.ByWaiting);
        Assert.Equal(
            Folded<MailThread>(messages, static mail => mail.ThreadId, static (known, mail) => MailThread.With(known, mail)),
            threads.OrderBy(static thread => thread.ThreadId, StringComparer.Ordinal));
        var contacts = await StoredAsync(scope, SyncKinds.Contact, MailContact.ByLastContact);
        Assert.Equal(
            Folded<MailContact>(messages, static mail => mail.CounterpartHash!, static (known, mail) => MailContact.With(known, mail.CounterpartHash!, mail)),
            contacts.OrderBy(static contact => contact.AddressHash, StringComparer.Ordinal));
        return true;
    }

    /// <summary>What follows from each group of messages, where anything does, by the group's name.</summary>
    private static IEnumerable<T> Folded<T>(
        IEnumerable<MailMessage> messages, Func<MailMessage, string> group, Func<T?, MailMessage, T?> with)
        where T : class =>
        messages.GroupBy(group)
            .OrderBy(static one => one.Key, StringComparer.Ordinal)
            .Select(one => one.Aggregate((T?)null, with))
            .OfType<T>();

    private static async Task<List<T>> StoredAsync<T>(TenantScope scope, RecordKind<T> kind, string index)
        where T : class =>
        [.. (await scope.Records.ListAsync(kind, index, "", ListOrder.Ascending, 500, null, Cancellation)).Items.Select(static item => item.Value)];

    private static PageWriter Writer(EngineFixture engine, TenantScope scope) =>
        new(scope, MailMirror.Instance, new StreamCursor(engine.Connection.Id, Mailbox), Cancellation);

    /// <summary>Writes a page with something in a log of its own at either end.</summary>
    private static async Task WriteAsync(EngineFixture engine, TenantScope scope, IReadOnlyList<StreamPart> parts, bool lastAlone) =>
        await Writer(engine, scope).WriteAsync(
            parts, First, lastAlone ? static () => Task.CompletedTask : null, static () => Task.FromResult(new PartWriter.With(Last, Leaf: null)));

    private static Task<PartWriter.With> NothingLast() => Task.FromResult(PartWriter.Nothing);

    /// <summary>Parts about a message, a conversation and a person each.</summary>
    private static StreamPart[] Apart(EngineFixture engine, TenantScope scope, int count) =>
        [.. Enumerable.Range(0, count).Select(at => Part(engine, scope, (at, at, at, at, "INBOX")))];

    private static StreamPart Part(
        EngineFixture engine, TenantScope scope, (int Id, int Thread, int Person, int At, string Label) letter) =>
        new([Sealed(engine, scope, letter)], []);

    private static SealedItem Sealed(
        EngineFixture engine, TenantScope scope, (int Id, int Thread, int Person, int At, string Label) letter) =>
        SealedItem.Of(scope, MailMirror.Instance, Message(engine, letter));

    /// <summary>Some in one month, most in several.</summary>
    private static DateTimeOffset DayOf(int at) => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddDays(20 * at);

    private static MailMessage Message(EngineFixture engine, (int Id, int Thread, int Person, int At, string Label) letter) => new(
        engine.Connection.Id,
        Mailbox,
        $"m{letter.Id}",
        $"t{letter.Thread}",
        $"<{letter.Id}@practice.example>",
        "",
        letter.Label == "SENT" ? Direction.Outbound : Direction.Inbound,
        new Correspondent(EmailAddress.Parse($"person-{letter.Person}@mail.example"), ""),
        "A letter",
        DayOf(letter.At),
        [letter.Label],
        Bulk: false,
        SizeBytes: 1_000,
        Generation: 1);
}
