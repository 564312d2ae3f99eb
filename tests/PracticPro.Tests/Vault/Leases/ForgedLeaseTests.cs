using System.Collections.Immutable;
using PracticPro.Storage;
using PracticPro.Vault;
using PracticPro.Vault.Leases;
using static PracticPro.Tests.Vault.Leases.LeaseFixture;

namespace PracticPro.Tests.Vault.Leases;

/// <summary>What somebody who writes to the database can make of leases: nothing that opens.</summary>
[Trait("Promise", "STAFF-2")]
public sealed class ForgedLeaseTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Any_flipped_bit_of_a_lease_keeps_everything_shut(bool whole)
    {
        using var practice = await MakeAsync();
        var lease = await practice.GrantAsync(
            whole ? new LeaseWish.Whole(Purpose.Records) : LeaseWish.Chosen.Of(Letters, "1"));
        for (var bit = 0; bit < lease.Bytes.Length * 8; bit++)
        {
            var changed = lease.Bytes.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            practice.Store.Overwrite(lease.ToDocument() with { Body = changed });

            Assert.False((await practice.ReadAsync(lease, Letters, "1")).Succeeded, $"bit {bit}");
        }

        Assert.Empty(practice.Witness.Asked);
        practice.Store.Overwrite(lease.ToDocument());
        Assert.True((await practice.ReadAsync(lease, Letters, "1")).Succeeded);
    }

    [Fact]
    public async Task A_cut_or_lengthened_lease_keeps_everything_shut()
    {
        using var practice = await MakeAsync();
        var lease = await practice.GrantAsync(LeaseWish.Chosen.Of(Letters, "1"));
        for (var length = 0; length < lease.Bytes.Length; length++)
        {
            practice.Store.Overwrite(lease.ToDocument() with { Body = lease.Bytes[..length] });
            Assert.IsType<LeaseFailures.NotAuthentic>((await practice.ReadAsync(lease, Letters, "1")).Failure);
        }

        practice.Store.Overwrite(lease.ToDocument() with { Body = (byte[])[.. lease.Bytes.Span, 0] });
        Assert.IsType<LeaseFailures.NotAuthentic>((await practice.ReadAsync(lease, Letters, "1")).Failure);
    }

    [Fact]
    public async Task A_lease_does_not_work_in_the_place_of_another()
    {
        using var practice = await MakeAsync();
        var first = await practice.GrantAsync(LeaseWish.Chosen.Of(Letters, "1"));
        var revoked = await practice.GrantAsync(new LeaseWish.Whole(Purpose.Records));
        practice.Store.Overwrite(first.ToDocument() with { Body = revoked.Bytes });
        practice.Revoke(revoked);

        Assert.IsType<LeaseFailures.NotAuthentic>((await practice.ReadAsync(first, Letters, "1")).Failure);
    }

    [Fact]
    [Trait("Promise", "ISO-1")]
    public async Task A_lease_does_not_work_for_another_tenant()
    {
        using var practice = await MakeAsync();
        var lease = await practice.GrantAsync(new LeaseWish.Whole(Purpose.Records));
        var other = await practice.Vault.RecordsAsync(VaultFixture.B);
        await other.CommitAsync([other.Put(Letters, new Letter("1", "theirs"), Condition.Absent)], TestContext.Current.CancellationToken);
        var store = practice.Vault.Storage.Tenant(VaultFixture.B);
        store.Overwrite(lease.ToDocument());

        var theirs = new LeasedRecords(store.Documents, practice.Witness, practice.Clock);
        var read = await theirs.FindAsync(lease.Terms.Id, practice.Session, Letters, "1", TestContext.Current.CancellationToken);
        Assert.IsType<LeaseFailures.NotAuthentic>(read.Failure);

        // Nor when the terms are written anew in the other tenant's name over the same wrap.
        store.Overwrite(Rewritten(lease, lease.Terms with { Tenant = VaultFixture.B }));
        read = await theirs.FindAsync(lease.Terms.Id, practice.Session, Letters, "1", TestContext.Current.CancellationToken);
        Assert.IsType<LeaseFailures.NotAuthentic>(read.Failure);
        Assert.Empty(practice.Witness.Asked);
    }

    [Fact]
    public async Task Terms_that_are_written_anew_over_a_wrap_open_nothing()
    {
        using var practice = await MakeAsync();
        var lease = await practice.GrantAsync(LeaseWish.Chosen.Of(Letters, "1"));
        var second = (KeyLeaseScope.Chosen)(await practice.MakeLeaseAsync(LeaseWish.Chosen.Of(Letters, "2"))).Expect().Terms.Scope;
        var first = (KeyLeaseScope.Chosen)lease.Terms.Scope;
        KeyLeaseTerms[] forged =
        [
            lease.Terms with { NotBefore = lease.Terms.NotBefore - TimeSpan.FromMilliseconds(1) },
            lease.Terms with { NotAfter = lease.Terms.NotAfter + TimeSpan.FromMilliseconds(1) },
            lease.Terms with { Scope = second },
            lease.Terms with { Scope = new KeyLeaseScope.Chosen([first.Values[0] with { Purpose = Purpose.Export }]) },
            lease.Terms with { Scope = new KeyLeaseScope.Chosen([first.Values[0] with { Place = second.Values[0].Place }]) },
        ];
        foreach (var terms in forged)
        {
            practice.Store.Overwrite(Rewritten(lease, terms));
            foreach (var id in (string[])["1", "2"])
            {
                Assert.IsType<LeaseFailures.NotAuthentic>((await practice.ReadAsync(lease, Letters, id)).Failure);
            }
        }

        practice.Store.Overwrite(Rewritten(lease, lease.Terms));
        Assert.True((await practice.ReadAsync(lease, Letters, "1")).Succeeded);
    }

    [Fact]
    public async Task A_lease_of_one_purpose_cannot_be_made_one_of_another()
    {
        using var practice = await MakeAsync();
        var lease = await practice.GrantAsync(new LeaseWish.Whole(Purpose.Records));
        practice.Store.Overwrite(Rewritten(
            lease, lease.Terms with { Scope = new KeyLeaseScope.Whole(Purpose.Notes, [1]) }));

        Assert.IsType<LeaseFailures.NotAuthentic>((await practice.ReadAsync(lease, Notes, "1")).Failure);
    }

    [Fact]
    public async Task A_wrap_does_not_open_under_the_terms_of_another_lease_of_the_same_session()
    {
        using var practice = await MakeAsync();
        var one = await practice.GrantAsync(LeaseWish.Chosen.Of(Letters, "1"));
        var two = await practice.GrantAsync(LeaseWish.Chosen.Of(Letters, "2"));
        practice.Store.Overwrite(one.ToDocument() with
        {
            Body = (byte[])[.. one.Bytes.Span[..one.WrapAt], .. two.Bytes.Span[two.WrapAt..]],
        });

        Assert.IsType<LeaseFailures.NotAuthentic>((await practice.ReadAsync(one, Letters, "1")).Failure);
    }

    [Fact]
    public async Task Another_sessions_key_opens_nothing_whatever_the_terms_say()
    {
        using var practice = await MakeAsync();
        using var thief = SessionKey.Make();
        var lease = await practice.GrantAsync(new LeaseWish.Whole(Purpose.Records));

        Assert.IsType<LeaseFailures.OfAnotherSession>((await practice.ReadAsync(lease, Letters, "1", thief)).Failure);
        practice.Store.Overwrite(Rewritten(lease, lease.Terms with { Session = thief.Public }));
        Assert.IsType<LeaseFailures.NotAuthentic>((await practice.ReadAsync(lease, Letters, "1", thief)).Failure);
        Assert.Empty(practice.Witness.Asked);
    }

    [Fact]
    public async Task A_record_that_was_changed_does_not_open_under_a_lease_of_it()
    {
        using var practice = await MakeAsync();
        var lease = await practice.GrantAsync(LeaseWish.Chosen.Of(Letters, "1"));
        var stored = practice.Store.Everything().Single(document => document.Key == Letters.Key("1"));
        var changed = stored.Body.ToArray();
        changed[^1] ^= 1;
        practice.Store.Overwrite(stored with { Body = changed });

        Assert.IsType<VaultFailures.NotAuthentic>((await practice.ReadAsync(lease, Letters, "1")).Failure);
    }

    /// <summary>The lease's wrap behind terms of somebody's own making.</summary>
    private static Document Rewritten(KeyLease lease, KeyLeaseTerms terms) => lease.ToDocument() with
    {
        Body = (byte[])[.. KeyLeaseFormat.Head(terms), .. lease.Bytes.Span[lease.WrapAt..]],
        IndexValues = ImmutableDictionary<string, string>.Empty,
    };
}
