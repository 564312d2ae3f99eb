using FsCheck;
using FsCheck.Fluent;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync;
using PracticPro.Sync.Mailbox;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;
using PracticPro.Tests.Keys;
using PracticPro.Tests.Support;
using PracticPro.Vault;

namespace PracticPro.Tests.Sync.Streams;

/// <summary>Parts of a page that are written at the same time leave what they leave one after the other.</summary>
[Trait("Promise", "SYNC-1")]
public sealed class PartWriterTests
{
    private const int MostMessages = 24;
    private const int Conversations = 6;
    private const int People = 4;

    private static readonly StreamName Mailbox = StreamName.Parse("mail");

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
    public void What_follows_from_mail_is_what_follows_from_all_of_it_whatever_was_written_together(bool asPages) =>
        Prop.ForAll(
                Pages.ListOf(3).ToArbitrary(),
                pages => HoldsAsync(pages, asPages).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Fact]
    public async Task Of_a_page_the_first_part_is_written_before_the_others_and_the_last_one_after_them()
    {
        using var engine = new EngineFixture(new PlayedProvider());
        var scope = await engine.ScopeAsync();
        List<string> seen = [];
        StreamPart[] parts = [.. Enumerable.Range(0, 6).Select(at => new StreamPart([Message(engine, (at, at, at, at, "INBOX"))], []))];

        await Writer(engine, scope).WritePageAsync(
            parts,
            [],
            async () =>
            {
                seen.AddRange((await StoredAsync(scope, SyncKinds.Message, MailMessage.ByGeneration)).Select(static mail => mail.SourceId));
                return PartWriter.Nothing;
            },
            Cancellation);

        Assert.Equal(["m0", "m1", "m2", "m3", "m4"], seen.Order(StringComparer.Ordinal));
        Assert.Equal(6, (await StoredAsync(scope, SyncKinds.Message, MailMessage.ByGeneration)).Count);
    }

    [Fact]
    public async Task Of_a_page_whose_first_part_is_not_written_nothing_is()
    {
        using var engine = new EngineFixture(new PlayedProvider());
        await engine.ScopeAsync();
        var writes = 0;

        // The first write alone fails: any other would be taken.
        engine.Power = new Power { Before = () => Interlocked.Increment(ref writes) == 1 ? throw new PowerLostException() : Task.CompletedTask };
        var writer = Writer(engine, await engine.ScopeAsync());
        StreamPart[] parts = [.. Enumerable.Range(0, 6).Select(at => new StreamPart([Message(engine, (at, at, at, at, "INBOX"))], []))];

        await Assert.ThrowsAsync<PowerLostException>(() => writer.WritePageAsync(
            parts, [], static () => Task.FromResult(PartWriter.Nothing), Cancellation));

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
        var parts = Enumerable.Range(0, 2).Select(at => new StreamPart([Message(engine, (at, at, at, at, "INBOX"))], [])).ToList();

        // The tenant's keys are there before the writes that meet.
        await engine.ScopeAsync();
        engine.Power = new Power { Before = MeetAsync };

        await Writer(engine, await engine.ScopeAsync()).WriteTogetherAsync(parts, Cancellation);

        Assert.Equal(2, arrived);

        Task MeetAsync()
        {
            if (Interlocked.Increment(ref arrived) == 2)
            {
                met.SetResult();
            }

            return met.Task.WaitAsync(patience.Token);
        }
    }

    [Fact]
    public async Task A_part_about_a_conversation_that_another_adds_to_is_made_anew_when_that_one_is_written()
    {
        using var patience = Deadline.Start(Cancellation);
        using var engine = new EngineFixture(new PlayedProvider());
        await Writer(engine, await engine.ScopeAsync()).WriteTogetherAsync([Part((0, 0, 0, 1, "INBOX")), Part((2, 0, 0, 5, "INBOX"))], Cancellation);
        var mirror = new WatchedMirror(made: 2);
        engine.Power = new Power { Before = () => mirror.Made.WaitAsync(patience.Token) };
        var scope = await engine.ScopeAsync();

        // The second part folds the conversation anew from its messages. The first one's is not among them yet.
        await new PartWriter(scope, mirror, new StreamCursor(engine.Connection.Id, Mailbox))
            .WriteTogetherAsync([Part((1, 0, 0, 3, "INBOX")), Part((2, 0, 0, 5, "TRASH"))], Cancellation);

        Assert.Equal("m1", Assert.Single(await StoredAsync(scope, SyncKinds.Thread, MailThread.ByWaiting)).LastGmailId);

        StreamPart Part((int, int, int, int, string) letter) => new([Message(engine, letter)], []);
    }

    private static async Task<bool> HoldsAsync(
        IEnumerable<(int[] Gone, (int Id, int Thread, int Person, int At, string Label)[] Present)> pages, bool asPages)
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
                .. present.Chunk(2).Select(some => new StreamPart([.. some.Select(letter => Message(engine, letter))], [])),
                .. gone.Select(static id => new StreamPart([], [$"m{id}"])),
            ];
            await (asPages && parts.Length > 0
                ? Writer(engine, scope).WritePageAsync(parts, [], static () => Task.FromResult(PartWriter.Nothing), Cancellation)
                : Writer(engine, scope).WriteTogetherAsync(parts, Cancellation));
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

    private static PartWriter Writer(EngineFixture engine, TenantScope scope) =>
        new(scope, MailMirror.Instance, new StreamCursor(engine.Connection.Id, Mailbox));

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
        DateTimeOffset.UnixEpoch.AddMinutes(letter.At),
        [letter.Label],
        Bulk: false,
        SizeBytes: 1_000,
        Generation: 1);

    /// <summary>Mail's, which tells when it made that many parts.</summary>
    private sealed class WatchedMirror(int made) : IMirror
    {
        private readonly TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int soFar;

        public Task Made => all.Task;

        public string Sort => MailMirror.Instance.Sort;

        public int Touched => MailMirror.Instance.Touched;

        public IEnumerable<string> FollowsFrom(MirroredItem item) => MailMirror.Instance.FollowsFrom(item);

        public ValueTask<MirroredItem?> FindAsync(
            TenantScope scope, ConnectionId connection, string sourceId, CancellationToken cancellation) =>
            MailMirror.Instance.FindAsync(scope, connection, sourceId, cancellation);

        public async Task<MirrorChanges> ChangesAsync(
            TenantScope scope, ConnectionId connection, StreamName stream, StreamPart part, CancellationToken cancellation)
        {
            var changes = await MailMirror.Instance.ChangesAsync(scope, connection, stream, part, cancellation);
            if (++soFar == made)
            {
                all.SetResult();
            }

            return changes;
        }

        public Task<System.Collections.Immutable.ImmutableArray<string>> UnseenAsync(
            TenantScope scope, ConnectionId connection, StreamName stream, int generation, int most, CancellationToken cancellation) =>
            MailMirror.Instance.UnseenAsync(scope, connection, stream, generation, most, cancellation);

        public MirroredItem Settled(TenantScope scope, MirroredItem item) => MailMirror.Instance.Settled(scope, item);

        public byte[] Canonical(MirroredItem item) => MailMirror.Instance.Canonical(item);

        public MirroredItem Read(ReadOnlySpan<byte> canonical) => MailMirror.Instance.Read(canonical);
    }
}
