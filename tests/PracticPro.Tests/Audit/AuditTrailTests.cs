using System.Text;
using PracticPro.Audit;
using PracticPro.Audit.Verify;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Tests.Vault;

namespace PracticPro.Tests.Audit;

public sealed class AuditTrailTests
{
    private static readonly DocumentKind Draft = DocumentKind.Of("draft");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Promise", "AUD-2")]
    public async Task A_change_and_its_leaf_are_one_write()
    {
        using var audit = await AuditFixture.MakeAsync();
        Batch Change() => new([PutDraft(), .. audit.Trail.Compose(AuditFixture.Sent())]);
        Assert.IsType<CommitOutcome.Committed>(await audit.Storage.Documents.CommitAsync(Change(), Cancellation));
        Assert.IsType<CommitOutcome.Lost>(await audit.Storage.Documents.CommitAsync(Change(), Cancellation));
        Assert.Equal(1, await audit.Trail.CountAsync(Cancellation));
        Assert.Single(audit.Storage.Everything(), document => document.Key.Kind == AuditValues.Kind);
    }

    [Fact]
    public async Task A_record_says_who_what_when_and_to_what()
    {
        using var audit = await AuditFixture.MakeAsync();
        var person = new Actor.Person(PersonId.New(audit.Clock));
        await audit.LogAsync(new AuditEntry(person, AuditAct.ApprovalApproved)
        {
            Subjects = [new("contact", "c-9"), new("approval", "a-1")],
            Counts = [new("attachments", 2)],
        });
        var record = Assert.Single(await audit.Trail.ReadAsync(0, 10, Cancellation));
        Assert.Equal((0L, person.Label, AuditAct.ApprovalApproved), (record.Index, record.Actor, record.Act));
        Assert.Equal(audit.Clock.GetUtcNow(), record.At);
        Assert.Equal([new AuditSubject("approval", "a-1"), new("contact", "c-9")], record.Subjects);
        Assert.Equal([new Named<long>("attachments", 2)], record.Counts);
        Assert.Empty(record.Values);
    }

    [Fact]
    [Trait("Promise", "AUD-3")]
    public async Task A_personal_value_is_shown_to_readers_and_is_in_no_stored_byte()
    {
        using var audit = await AuditFixture.MakeAsync();
        await audit.LogAsync(AuditFixture.Sent());
        var record = Assert.Single(await audit.Trail.ReadAsync(0, 1, Cancellation));
        Assert.Equal(new AuditValue.Known(AuditFixture.Name), Assert.Single(record.Values).Value);
        Assert.False(IsStored(await audit.LeavesAsync(), AuditFixture.Name));
        Assert.False(IsStored(audit.Storage.Everything().Select(document => document.Body.ToArray()), AuditFixture.Name));
    }

    [Fact]
    public async Task The_same_value_twice_gives_two_commitments()
    {
        using var audit = await AuditFixture.MakeAsync();
        await audit.LogAsync(AuditFixture.Sent(), AuditFixture.Sent());
        var commitments = (await audit.LeavesAsync()).Select(bytes => Read(bytes).Commitments.Single().Value).ToList();
        Assert.NotEqual(commitments[0], commitments[1]);
    }

    [Fact]
    public async Task A_value_put_in_the_place_of_another_is_not_shown()
    {
        using var audit = await AuditFixture.MakeAsync();
        await audit.LogAsync(AuditFixture.Sent("one"), AuditFixture.Sent("two"));
        var documents = audit.Storage.Everything().Where(document => document.Key.Kind == AuditValues.Kind).ToList();
        audit.Storage.Overwrite(documents[0] with { Body = documents[1].Body });
        var states = (await audit.Trail.ReadAsync(0, 2, Cancellation)).Select(record => record.Values.Single().Value);
        Assert.Single(states.OfType<AuditValue.Unreadable>());
    }

    [Fact]
    public async Task A_value_resealed_by_whoever_has_the_keys_is_not_shown_as_logged()
    {
        using var audit = await AuditFixture.MakeAsync();
        await audit.LogAsync(AuditFixture.Sent());
        var id = LeafId.Parse(Read((await audit.LeavesAsync())[0]).Id);
        var forged = new DisclosedValue("Eve Example", [.. new byte[ValueCommitment.SaltLength]]);
        audit.Storage.Overwrite(new AuditValues(audit.Keys).Seal(id, [new("recipient", forged)], null));
        var record = Assert.Single(await audit.Trail.ReadAsync(0, 1, Cancellation));
        Assert.Equal(new AuditValue.Unreadable("commitment-differs"), record.Values.Single().Value);
    }

    [Theory]
    [Trait("Promise", "AUD-3")]
    [InlineData("ada@example.org")]
    [InlineData("Ada Example")]
    [InlineData("a sentence of a note")]
    [InlineData("é")]
    [InlineData("")]
    public async Task Words_of_a_person_are_refused_where_an_id_belongs(string reference)
    {
        using var audit = await AuditFixture.MakeAsync();
        var trouble = Assert.Throws<ArgumentException>(() => audit.Trail.Compose(
            new AuditEntry(AuditFixture.Sync, AuditAct.MailSent) { Subjects = [new("contact", reference)] }));
        Assert.True(reference.Length == 0 || !trouble.Message.Contains(reference, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_personal_prints()
    {
        Assert.DoesNotContain(AuditFixture.Name, AuditFixture.Sent().ToString(), StringComparison.Ordinal);
        using var audit = await AuditFixture.MakeAsync();
        await audit.LogAsync(AuditFixture.Sent());
        var record = Assert.Single(await audit.Trail.ReadAsync(0, 1, Cancellation));
        Assert.DoesNotContain(AuditFixture.Name, record.Values.Single().Value.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_run_from_the_newest_and_do_not_shift_when_leaves_come_in()
    {
        using var audit = await AuditFixture.MakeAsync();
        await audit.LogAsync([.. Enumerable.Range(0, 11).Select(AuditFixture.Synced)]);
        var seen = new List<long>();
        Cursor? next = null;
        do
        {
            var page = (await audit.Trail.PageAsync(4, next, Cancellation)).Expect();
            seen.AddRange(page.Items.Select(record => record.Index));
            await audit.LogAsync(AuditFixture.Synced(100));
            next = page.Next is { } cursor && Cursor.TryParse(cursor.ToString(), out var read) ? read : null;
        }
        while (next is not null);
        Assert.Equal(Enumerable.Range(0, 11).Select(index => (long)index).Reverse(), seen);
    }

    [Theory]
    [InlineData("audit:12")]
    [InlineData("audit:-1")]
    [InlineData("audit:")]
    [InlineData("mail:1")]
    public async Task A_cursor_that_is_no_place_in_this_log_is_refused(string position)
    {
        using var audit = await AuditFixture.MakeAsync();
        await audit.LogAsync(AuditFixture.Synced(1));
        var outcome = await audit.Trail.PageAsync(4, Cursor.At(position), Cancellation);
        Assert.IsType<AuditFailures.CursorOfAnotherList>(outcome.Failure);
    }

    [Fact]
    public async Task A_leaf_with_an_act_nobody_registered_is_not_read_as_if_it_were_known()
    {
        using var audit = await AuditFixture.MakeAsync();
        await audit.LogAsync(AuditFixture.Synced(1));
        var storage = await audit.WithLeavesAsync(leaves =>
            leaves[0] = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(leaves[0]).Replace("mail-synced", "mail-eaten", StringComparison.Ordinal)));
        var trail = new AuditTrail(storage, audit.Keys, audit.Clock);
        await Assert.ThrowsAsync<AuditLogAlteredException>(async () => await trail.ReadAsync(0, 1, Cancellation));
    }

    [Fact]
    public async Task Keys_of_another_practice_do_not_open_a_log()
    {
        using var audit = await AuditFixture.MakeAsync();
        var others = await audit.KeysOfAsync(VaultFixture.B);
        Assert.Throws<ArgumentException>(() => new AuditTrail(audit.Storage, others, audit.Clock));
    }

    private static Operation.Put PutDraft() => new Operation.Put(new Document(Draft.Key("1"), "x"u8.ToArray()), Condition.Absent);

    private static AuditLeaf Read(byte[] bytes) =>
        AuditLeafReader.TryRead(bytes, out var leaf) ? leaf : throw new FormatException("No leaf.");

    private static bool IsStored(IEnumerable<byte[]> stored, string text) =>
        stored.Any(bytes => bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0);
}
