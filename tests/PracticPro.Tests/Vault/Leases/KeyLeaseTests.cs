using System.Text.Json;
using PracticPro.Vault;
using PracticPro.Vault.Leases;
using static PracticPro.Tests.Vault.Leases.LeaseFixture;

namespace PracticPro.Tests.Vault.Leases;

/// <summary>What a lease opens, what it does not, and until when.</summary>
[Trait("Promise", "STAFF-2")]
public sealed class KeyLeaseTests
{
    private static readonly LeaseWish FirstLetter = LeaseWish.Chosen.Of(Letters, "1");

    [Fact]
    public async Task A_lease_of_a_purpose_opens_its_records_and_no_others()
    {
        using var practice = await MakeAsync();
        var lease = await practice.GrantAsync(new LeaseWish.Whole(Purpose.Records));

        Assert.Equal("first letter", (await practice.ReadAsync(lease, Letters, "1")).Expect()!.Text);
        Assert.Equal("second letter", (await practice.ReadAsync(lease, Letters, "2")).Expect()!.Text);
        Assert.IsType<LeaseFailures.OutOfScope>((await practice.ReadAsync(lease, Notes, "1")).Failure);
        Assert.IsType<LeaseFailures.OutOfScope>((await practice.ReadAsync(lease, Tokens, "1")).Failure);
        Assert.Null((await practice.ReadAsync(lease, Letters, "3")).Expect());
    }

    [Fact]
    public async Task A_lease_of_chosen_records_opens_those_and_no_others()
    {
        using var practice = await MakeAsync();
        var lease = await practice.GrantAsync(new LeaseWish.Chosen(
            [new ChosenRecord(Purpose.Records, Letters.Key("2")), new ChosenRecord(Purpose.Notes, Notes.Key("1"))]));

        Assert.Equal("second letter", (await practice.ReadAsync(lease, Letters, "2")).Expect()!.Text);
        Assert.Equal("first note", (await practice.ReadAsync(lease, Notes, "1")).Expect()!.Text);
        Assert.IsType<LeaseFailures.OutOfScope>((await practice.ReadAsync(lease, Letters, "1")).Failure);
        Assert.IsType<LeaseFailures.OutOfScope>((await practice.ReadAsync(lease, Notes, "2")).Failure);
    }

    [Fact]
    public async Task A_lease_of_a_chosen_record_does_not_open_a_later_version_of_it()
    {
        using var practice = await MakeAsync();
        var lease = await practice.GrantAsync(FirstLetter);
        await practice.PutAsync(Letters, new Letter("1", "changed since"));

        Assert.IsType<LeaseFailures.OutOfScope>((await practice.ReadAsync(lease, Letters, "1")).Failure);
    }

    [Fact]
    public async Task A_lease_of_a_purpose_opens_what_is_written_while_it_lasts()
    {
        using var practice = await MakeAsync();
        var lease = await practice.GrantAsync(new LeaseWish.Whole(Purpose.Records));
        await practice.PutAsync(Letters, new Letter("1", "changed since"));

        Assert.Equal("changed since", (await practice.ReadAsync(lease, Letters, "1")).Expect()!.Text);
    }

    [Fact]
    public async Task A_lease_opens_from_its_first_moment_until_just_before_its_last()
    {
        using var practice = await MakeAsync();
        var lease = await practice.GrantAsync(FirstLetter, from: Hour);
        practice.Clock.Advance(Hour - TimeSpan.FromTicks(1));
        Assert.IsType<LeaseFailures.NotYet>((await practice.ReadAsync(lease, Letters, "1")).Failure);
        practice.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.True((await practice.ReadAsync(lease, Letters, "1")).Succeeded);
        practice.Clock.Advance(Hour - TimeSpan.FromTicks(1));
        Assert.True((await practice.ReadAsync(lease, Letters, "1")).Succeeded);
        practice.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.IsType<LeaseFailures.Over>((await practice.ReadAsync(lease, Letters, "1")).Failure);
        Assert.Equal(2, practice.Witness.Asked.Count);
    }

    [Fact]
    public async Task A_revoked_lease_opens_nothing_from_the_next_read_on_in_every_process()
    {
        using var practice = await MakeAsync();
        var lease = await practice.GrantAsync(new LeaseWish.Whole(Purpose.Records));
        var elsewhere = practice.Records;
        Assert.True((await practice.ReadAsync(lease, Letters, "1")).Succeeded);
        Assert.True((await elsewhere.FindAsync(
            lease.Terms.Id, practice.Session, Letters, "1", TestContext.Current.CancellationToken)).Succeeded);

        practice.Revoke(lease);

        Assert.IsType<LeaseFailures.None>((await practice.ReadAsync(lease, Letters, "1")).Failure);
        Assert.IsType<LeaseFailures.None>((await elsewhere.FindAsync(
            lease.Terms.Id, practice.Session, Letters, "1", TestContext.Current.CancellationToken)).Failure);
        Assert.Equal(2, practice.Witness.Asked.Count);
    }

    [Fact]
    public async Task Every_open_is_witnessed_before_it_and_by_its_place()
    {
        using var practice = await MakeAsync();
        var lease = await practice.GrantAsync(FirstLetter);
        await practice.ReadAsync(lease, Letters, "1");
        await practice.ReadAsync(lease, Letters, "1");

        Assert.Equal(
            Enumerable.Repeat((lease.Terms.Id, Purpose.Records, new SealContext("letter", "1", "body", 1)), 2),
            practice.Witness.Asked);
    }

    [Fact]
    public async Task A_witness_that_refuses_or_throws_keeps_it_shut()
    {
        using var practice = await MakeAsync();
        var lease = await practice.GrantAsync(FirstLetter);

        practice.Witness.Says = new VaultFailures.WrongKey();
        Assert.IsType<VaultFailures.WrongKey>((await practice.ReadAsync(lease, Letters, "1")).Failure);
        practice.Witness.First = static () => throw new IOException("full");
        await Assert.ThrowsAsync<IOException>(() => practice.ReadAsync(lease, Letters, "1"));
    }

    [Fact]
    public async Task A_lease_that_is_revoked_or_runs_out_while_the_witness_writes_opens_nothing()
    {
        using var practice = await MakeAsync();
        var lease = await practice.GrantAsync(FirstLetter);
        practice.Witness.First = () => practice.Clock.Advance(Hour);
        Assert.IsType<LeaseFailures.Over>((await practice.ReadAsync(lease, Letters, "1")).Failure);

        lease = await practice.GrantAsync(FirstLetter);
        practice.Witness.First = () => practice.Revoke(lease);
        Assert.IsType<LeaseFailures.None>((await practice.ReadAsync(lease, Letters, "1")).Failure);
    }

    [Fact]
    [Trait("Promise", "STAFF-1")]
    public async Task All_notes_are_leased_by_their_own_name_or_not_at_all()
    {
        using var practice = await MakeAsync();
        Assert.IsType<LeaseFailures.NotesNotNamed>((await practice.MakeLeaseAsync(new LeaseWish.Whole(Purpose.Notes))).Failure);
        foreach (var purpose in PurposeWords.All.Where(each => each is not (Purpose.Notes or Purpose.Tokens)))
        {
            var lease = await practice.GrantAsync(new LeaseWish.Whole(purpose));
            Assert.IsType<LeaseFailures.OutOfScope>((await practice.ReadAsync(lease, Notes, "1")).Failure);
        }

        var named = await practice.GrantAsync(new LeaseWish.AllNotes());
        Assert.Equal("first note", (await practice.ReadAsync(named, Notes, "1")).Expect()!.Text);
    }

    [Fact]
    [Trait("Promise", "CON-2")]
    public async Task Tokens_are_never_leased()
    {
        using var practice = await MakeAsync();
        Assert.IsType<LeaseFailures.TokensNeverLeased>((await practice.MakeLeaseAsync(new LeaseWish.Whole(Purpose.Tokens))).Failure);
        Assert.IsType<LeaseFailures.TokensNeverLeased>(
            (await practice.MakeLeaseAsync(LeaseWish.Chosen.Of(Tokens, "1"))).Failure);

        // Saying another purpose of a token does not get at its key.
        var lied = new LeaseWish.Chosen([new ChosenRecord(Purpose.Records, Tokens.Key("1"))]);
        Assert.IsType<LeaseFailures.ChosenNotThere>((await practice.MakeLeaseAsync(lied)).Failure);
    }

    [Fact]
    public async Task A_lease_does_not_cover_a_generation_that_comes_later_and_keeps_none_alive()
    {
        using var practice = await MakeAsync();
        var first = await practice.Vault.KeysAsync(Tenant);
        var lease = await practice.GrantAsync(new LeaseWish.Whole(Purpose.Records));

        var next = TestKeys.Of(Tenant, (Purpose.Records, 2, TestKeys.Filled(2)));
        practice.Store.Overwrite(new(DataKeyRecord.KeyOf("records", 2), "{}"u8.ToArray()));
        var records = new SealedRecords(practice.Store.Documents, next);
        await records.CommitAsync(
            [records.Put(Letters, new Letter("1", "sealed anew"), PracticPro.Storage.Condition.Any)], TestContext.Current.CancellationToken);
        Assert.IsType<LeaseFailures.OutOfScope>((await practice.ReadAsync(lease, Letters, "1")).Failure);
        Assert.Equal("second letter", (await practice.ReadAsync(lease, Letters, "2")).Expect()!.Text);

        practice.Store.Remove(DataKeyRecord.KeyOf("records", 1));
        Assert.IsType<LeaseFailures.GenerationRetired>((await practice.ReadAsync(lease, Letters, "2")).Failure);
        Assert.Equal(Tenant, first.Tenant);
    }

    [Fact]
    public async Task A_value_that_was_put_in_a_chosen_records_place_is_not_leased()
    {
        using var practice = await MakeAsync();
        var secret = practice.Store.Everything().Single(document => document.Key == Letters.Key("2"));
        practice.Store.Overwrite(secret with { Key = Letters.Key("1") });

        Assert.IsType<LeaseFailures.ChosenNotThere>((await practice.MakeLeaseAsync(FirstLetter)).Failure);
    }

    [Fact]
    public async Task A_lease_of_as_many_records_as_one_may_hold_opens_the_first_and_the_last()
    {
        using var practice = await MakeAsync();
        var ids = Enumerable.Range(0, MakeKeyLease.MaximumValues).Select(each => $"{each:D40}").ToList();
        var records = await practice.Vault.RecordsAsync(Tenant);
        foreach (var batch in ids.Chunk(90))
        {
            await records.CommitAsync(
                batch.Select(id => records.Put(Letters, new Letter(id, id), PracticPro.Storage.Condition.Any)), TestContext.Current.CancellationToken);
        }

        var lease = await practice.GrantAsync(LeaseWish.Chosen.Of(Letters, ids));

        Assert.InRange(lease.Bytes.Length, 1, MakeKeyLease.MaximumBytes);
        Assert.Equal(ids[0], (await practice.ReadAsync(lease, Letters, ids[0])).Expect()!.Text);
        Assert.Equal(ids[^1], (await practice.ReadAsync(lease, Letters, ids[^1])).Expect()!.Text);
        Assert.IsType<LeaseFailures.OutOfScope>((await practice.ReadAsync(lease, Letters, "1")).Failure);
    }

    [Fact]
    public async Task What_cannot_be_a_lease_is_not_made()
    {
        using var practice = await MakeAsync();
        var offCurve = practice.Session.Public.ToArray();
        offCurve[^1] ^= 1;
        Assert.IsType<LeaseFailures.BadSessionKey>((await practice.MakeLeaseAsync(FirstLetter, offCurve)).Failure);
        Assert.IsType<LeaseFailures.BadSessionKey>((await practice.MakeLeaseAsync(FirstLetter, new byte[65])).Failure);
        Assert.IsType<LeaseFailures.BadSessionKey>((await practice.MakeLeaseAsync(FirstLetter, Array.Empty<byte>())).Failure);
        Assert.IsType<LeaseFailures.BadTimes>((await practice.MakeLeaseAsync(FirstLetter, lasting: TimeSpan.Zero)).Failure);
        Assert.IsType<LeaseFailures.BadTimes>((await practice.MakeLeaseAsync(FirstLetter, from: -2 * Hour)).Failure);
        Assert.IsType<LeaseFailures.BadTimes>(
            (await practice.MakeLeaseAsync(FirstLetter, lasting: MakeKeyLease.Longest + TimeSpan.FromTicks(1))).Failure);
        Assert.IsType<LeaseFailures.BadTimes>(
            (await practice.MakeLeaseAsync(FirstLetter, from: MakeKeyLease.Longest + TimeSpan.FromTicks(1))).Failure);
        Assert.IsType<LeaseFailures.NothingChosen>((await practice.MakeLeaseAsync(new LeaseWish.Chosen([]))).Failure);
        Assert.IsType<LeaseFailures.NothingChosen>((await practice.MakeLeaseAsync(LeaseWish.Chosen.Of(Letters, "1", "1"))).Failure);
        Assert.IsType<LeaseFailures.ChosenNotThere>((await practice.MakeLeaseAsync(LeaseWish.Chosen.Of(Letters, "9"))).Failure);
        var tooMany = LeaseWish.Chosen.Of(Letters, Enumerable.Range(0, MakeKeyLease.MaximumValues + 1).Select(each => $"{each}"));
        Assert.IsType<LeaseFailures.TooMuch>((await practice.MakeLeaseAsync(tooMany)).Failure);
    }

    [Fact]
    public void A_session_key_does_not_print_and_has_no_json()
    {
        using var session = SessionKey.Make();
        Assert.Equal("***", session.ToString());
        Assert.Throws<NotSupportedException>(() => JsonSerializer.Serialize(session));
        session.Dispose();
        using var other = SessionKey.Make();
        Assert.True(SessionKey.TryReadPublic(other.Public.Span, out var half));
        Assert.ThrowsAny<ObjectDisposedException>(() => session.AgreeWith(half));
    }
}
