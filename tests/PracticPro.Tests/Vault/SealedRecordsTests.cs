using System.Text;
using System.Text.Json;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;
using static PracticPro.Tests.Vault.VaultFixture;

namespace PracticPro.Tests.Vault;

public sealed class SealedRecordsTests : IDisposable
{
    private const string Canary = "canary-93c1";

    private static readonly RecordKind<Visit> Visits = new(
        "visit",
        2,
        Purpose.Notes,
        visit => visit.Id,
        RecordIndex<Visit>.Readable("state-and-start", visit => $"{IndexText.State(visit.State)} {IndexText.Time(visit.StartsAt)}"),
        RecordIndex<Visit>.Blind("mail", visit => visit.Mail));

    private static readonly RecordKind<Visit> OldVisits = new("visit", 1, Purpose.Notes, visit => visit.Id);

    private readonly VaultFixture vault = Make();

    private enum VisitState
    {
        Planned,
        NotShown,
    }

    private sealed record Visit(string Id, string Text, VisitState State, DateTimeOffset StartsAt, string? Mail = null);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Promise", "ENC-1")]
    public async Task A_record_comes_back_as_it_was_put()
    {
        var records = await vault.RecordsAsync(A);

        await CommittedAsync(records, records.Put(Visits, Seen("v1"), Condition.Absent));

        var found = await records.FindAsync(Visits, "v1", Cancellation);
        Assert.Equal(Seen("v1"), found!.Value);
        Assert.Null(await records.FindAsync(Visits, "v2", Cancellation));
    }

    [Fact]
    public async Task A_version_that_was_read_guards_the_next_write()
    {
        var records = await vault.RecordsAsync(A);
        await CommittedAsync(records, records.Put(Visits, Seen("v1"), Condition.Absent));
        var read = (await records.FindAsync(Visits, "v1", Cancellation))!;
        await CommittedAsync(records, records.Put(Visits, Seen("v1", "second"), Condition.Is(read.Version)));

        var late = await records.CommitAsync(
            [records.Put(Visits, Seen("v1", "third"), Condition.Is(read.Version))], Cancellation);

        Assert.Equal(new CommitOutcome.Lost(0), late);
        Assert.Equal("second", (await records.FindAsync(Visits, "v1", Cancellation))!.Value.Text);
    }

    [Fact]
    public async Task A_deleted_record_is_gone()
    {
        var records = await vault.RecordsAsync(A);
        await CommittedAsync(records, records.Put(Visits, Seen("v1"), Condition.Absent));

        await CommittedAsync(records, records.Delete(Visits, "v1", Condition.Any));

        Assert.Null(await records.FindAsync(Visits, "v1", Cancellation));
    }

    [Fact]
    public async Task Records_are_listed_by_a_readable_index_page_by_page()
    {
        var records = await vault.RecordsAsync(A);
        for (var at = 0; at < 5; at++)
        {
            var visit = Seen($"v{at}") with { StartsAt = Start.AddHours(-at) };
            await CommittedAsync(records, records.Put(Visits, visit, Condition.Absent));
        }

        await CommittedAsync(records, records.Put(
            Visits, Seen("other") with { State = VisitState.NotShown }, Condition.Absent));

        var first = await ListAsync(records, "planned", null);
        var second = await ListAsync(records, "planned", first.Next);

        Assert.Equal(["v4", "v3", "v2"], first.Items.Select(stored => stored.Value.Id));
        Assert.Equal(["v1", "v0"], second.Items.Select(stored => stored.Value.Id));
        Assert.Null(second.Next);
    }

    [Fact]
    public async Task A_blind_index_finds_by_the_whole_value_only()
    {
        var records = await vault.RecordsAsync(A);
        await CommittedAsync(
            records,
            records.Put(Visits, Seen("v1") with { Mail = "ada@example.test" }, Condition.Absent),
            records.Put(Visits, Seen("v2"), Condition.Absent));

        async Task<int> CountAsync(string mail) => (await records.ListAsync(
            Visits, "mail", records.Blind(Visits, "mail", mail), ListOrder.Ascending, 10, null, Cancellation)).Items.Count;

        Assert.Equal(1, await CountAsync("ada@example.test"));
        Assert.Equal(0, await CountAsync("ada"));
    }

    [Fact]
    [Trait("Promise", "ENC-1")]
    public async Task Who_holds_the_database_reads_no_content()
    {
        var records = await vault.RecordsAsync(A);
        await CommittedAsync(records, records.Put(
            Visits, Seen("v1", Canary) with { Mail = Canary + "@example.test" }, Condition.Absent));

        foreach (var document in vault.Storage.Tenant(A).Everything())
        {
            var seen = Encoding.Latin1.GetString(document.Body.Span) + string.Join(' ', document.IndexValues.Values);
            Assert.DoesNotContain(Canary, seen, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    [Trait("Promise", "ISO-1")]
    public async Task A_record_copied_under_another_id_is_not_returned()
    {
        var (records, stored) = await StoredAsync();

        vault.Storage.Tenant(A).Overwrite(stored with { Key = Visits.Key("v2") });

        await TamperedAsync(records, "v2");
    }

    [Fact]
    [Trait("Promise", "ISO-1")]
    public async Task A_record_copied_to_another_tenant_is_not_returned()
    {
        var (_, stored) = await StoredAsync();
        var other = await vault.RecordsAsync(B);

        vault.Storage.Tenant(B).Overwrite(stored);

        await TamperedAsync(other, "v1");
    }

    [Fact]
    [Trait("Promise", "ISO-1")]
    public async Task A_record_copied_to_another_kind_is_not_returned()
    {
        var (records, stored) = await StoredAsync();
        var others = new RecordKind<Visit>("session", 2, Purpose.Notes, visit => visit.Id);

        vault.Storage.Tenant(A).Overwrite(stored with { Key = others.Key("v1") });

        await Assert.ThrowsAsync<TamperedRecordException>(
            async () => await records.FindAsync(others, "v1", Cancellation));
    }

    [Fact]
    public async Task A_record_with_any_byte_changed_is_not_returned()
    {
        var (records, stored) = await StoredAsync();
        for (var at = 0; at < stored.Body.Length; at++)
        {
            var body = stored.Body.ToArray();
            body[at] ^= 1;
            vault.Storage.Tenant(A).Overwrite(stored with { Body = body });

            // A changed key generation may be a newer one, and is said to be unknown instead of tampered.
            var thrown = await Record.ExceptionAsync(async () => await records.FindAsync(Visits, "v1", Cancellation));
            Assert.True(thrown is TamperedRecordException or UnexpectedFailureException, $"byte {at}");
        }
    }

    [Fact]
    public async Task A_record_that_is_cut_short_is_not_returned()
    {
        var (records, stored) = await StoredAsync();
        for (var length = 0; length < stored.Body.Length; length++)
        {
            vault.Storage.Tenant(A).Overwrite(stored with { Body = stored.Body[..length] });
            await TamperedAsync(records, "v1");
        }
    }

    [Fact]
    public async Task A_list_with_a_tampered_record_in_it_throws()
    {
        var (records, stored) = await StoredAsync();
        vault.Storage.Tenant(A).Overwrite(stored with { Key = Visits.Key("v2") });

        var thrown = await Assert.ThrowsAsync<TamperedRecordException>(async () => await ListAsync(records, "", null));

        Assert.Equal("visit", thrown.Kind);
        Assert.DoesNotContain("v2", thrown.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_of_an_earlier_shape_is_read_by_its_upgrade()
    {
        var records = await vault.RecordsAsync(A);
        await CommittedAsync(records, records.Put(OldVisits, Seen("v1"), Condition.Absent));
        var reading = Visits.Reads(1, old => old.Deserialize<Visit>(JsonShapes.Stored)! with { Text = "upgraded" });

        Assert.Equal("upgraded", (await records.FindAsync(reading, "v1", Cancellation))!.Value.Text);
        await TamperedAsync(records, "v1");
    }

    [Fact]
    public async Task A_whole_record_that_is_not_the_kinds_JSON_is_not_quoted()
    {
        var records = await vault.RecordsAsync(A);
        var keys = await vault.KeysAsync(A);
        var value = keys.Seal(Purpose.Notes, new SealContext("visit", "v1", "body", 2), Utf8($"{{\"{Canary}\":"));
        vault.Storage.Tenant(A).Overwrite(new Document(Visits.Key("v1"), (byte[])[0, 0, 0, 2, .. value.Span]));

        var thrown = await Assert.ThrowsAsync<TamperedRecordException>(
            async () => await records.FindAsync(Visits, "v1", Cancellation));

        Assert.DoesNotContain(Canary, thrown.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Promise", "ISO-1")]
    public async Task Documents_and_keys_of_two_tenants_do_not_go_together()
    {
        var ofB = await vault.KeysAsync(B);

        Assert.Throws<ArgumentException>(() => new SealedRecords(vault.Storage.For(A).Documents, ofB));
    }

    public void Dispose() => vault.Dispose();

    private static DateTimeOffset Start => new(2030, 1, 7, 10, 0, 0, TimeSpan.FromHours(1));

    private static Visit Seen(string id, string text = "slept badly") => new(id, text, VisitState.Planned, Start);

    private static async Task CommittedAsync(SealedRecords records, params Operation[] operations) =>
        Assert.IsType<CommitOutcome.Committed>(await records.CommitAsync(operations, Cancellation));

    private static ValueTask<Page<Stored<Visit>>> ListAsync(SealedRecords records, string prefix, Cursor? after) =>
        records.ListAsync(Visits, "state-and-start", prefix, ListOrder.Ascending, 3, after, Cancellation);

    private static async Task TamperedAsync(SealedRecords records, string id) =>
        await Assert.ThrowsAsync<TamperedRecordException>(async () => await records.FindAsync(Visits, id, Cancellation));

    private async Task<(SealedRecords Records, Document Stored)> StoredAsync()
    {
        var records = await vault.RecordsAsync(A);
        await CommittedAsync(records, records.Put(Visits, Seen("v1"), Condition.Absent));
        var stored = await vault.Storage.For(A).Documents.FindAsync(Visits.Key("v1"), Cancellation);
        return (records, stored!.Document);
    }
}
