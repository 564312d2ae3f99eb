using FsCheck;
using FsCheck.Fluent;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Tests.Kernel;
using PracticPro.Vault;
using static PracticPro.Tests.Vault.VaultFixture;

namespace PracticPro.Tests.Vault;

/// <summary>Looking up by mail address and telephone number, without either lying in the database.</summary>
public sealed class BlindIndexTests : IDisposable
{
    private static readonly RecordKind<Patient> Patients = new(
        "patient", 1, Purpose.Records, patient => patient.Id,
        RecordIndex<Patient>.BlindEmail("mail", patient => patient.Mail),
        RecordIndex<Patient>.BlindEmail("other-mail", patient => patient.Mail),
        RecordIndex<Patient>.BlindPhone("phone", patient => patient.Phone),
        RecordIndex<Patient>.Blind("number", patient => patient.Phone?.Text),
        RecordIndex<Patient>.Readable("state", patient => "new"));

    private static readonly RecordKind<Patient> Guests = new(
        "guest", 1, Purpose.Records, patient => patient.Id, RecordIndex<Patient>.BlindEmail("mail", patient => patient.Mail));

    private readonly VaultFixture vault = Make();

    private sealed record Patient(string Id, EmailAddress? Mail, PhoneNumber? Phone);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_record_is_found_by_any_spelling_of_its_address_or_number()
    {
        var records = await vault.RecordsAsync(A);
        var phone = PhoneNumber.Parse("(201) 555-0123 ext. 4", PhoneCountry.UnitedStates);
        await PutAsync(records, new Patient("p1", Mail("Ada@bücher.example"), phone));
        await PutAsync(records, new Patient("p2", Mail("bob@mail.example"), null));

        Assert.Equal(["p1"], await FindAsync(records, "mail", records.Blind(Patients, "mail", Mail(" ADA@XN--BCHER-KVA.example"))));
        Assert.Equal(["p1"], await FindAsync(
            records, "phone", records.Blind(Patients, "phone", PhoneNumber.Parse("+1 201 5550123", PhoneCountry.Germany))));
        Assert.Empty(await FindAsync(records, "mail", records.Blind(Patients, "mail", Mail("adb@xn--bcher-kva.example"))));
    }

    [Fact]
    [Trait("Promise", "ENC-1")]
    public async Task Neither_address_nor_number_lies_in_the_database()
    {
        var records = await vault.RecordsAsync(A);
        await PutAsync(records, new Patient("p1", Mail("ada@mail.example"), PhoneNumber.Parse("+12015550123", PhoneCountry.Germany)));

        var stored = vault.Storage.Tenant(A).Everything().Single(document => document.Key == Patients.Key("p1"));
        Assert.All(
            stored.IndexValues.Where(pair => pair.Key != "state"),
            pair => Assert.Matches("^[A-Za-z0-9_-]{43}$", pair.Value));
        Assert.Equal(5, stored.IndexValues.Count);
    }

    [Fact]
    public async Task An_index_is_asked_by_its_own_sort_of_value_only()
    {
        var records = await vault.RecordsAsync(A);
        var phone = PhoneNumber.Parse("+12015550123", PhoneCountry.Germany);

        Assert.Throws<ArgumentException>(() => records.Blind(Patients, "mail", "ada@mail.example"));
        Assert.Throws<ArgumentException>(() => records.Blind(Patients, "mail", phone));
        Assert.Throws<ArgumentException>(() => records.Blind(Patients, "number", phone));
        Assert.Throws<ArgumentException>(() => records.Blind(Patients, "phone", Mail("ada@mail.example")));
        Assert.Throws<ArgumentException>(() => records.Blind(Patients, "state", "new"));
    }

    [Fact]
    public async Task Equal_addresses_meet_and_unequal_ones_do_not()
    {
        var records = await vault.RecordsAsync(A);

        Prop.ForAll(Addresses(), Addresses(), (one, other) =>
        {
            var upper = records.Blind(Patients, "mail", EmailAddress.Parse(one.Text.ToUpperInvariant()));
            return upper == records.Blind(Patients, "mail", one)
                && upper.Length == 43
                && (one == other) == (upper == records.Blind(Patients, "mail", other));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public async Task Equal_numbers_meet_and_unequal_ones_do_not()
    {
        var records = await vault.RecordsAsync(A);

        Prop.ForAll(PhoneNumberTests.Numbers(), PhoneNumberTests.Numbers(), (one, other) =>
        {
            var spaced = PhoneNumber.Parse(string.Join(' ', one.Text.Chunk(3).Select(part => new string(part))) + " x9", PhoneCountry.Italy);
            var hash = records.Blind(Patients, "phone", spaced);
            return hash == records.Blind(Patients, "phone", one)
                && hash.Length == 43
                && (one == other) == (hash == records.Blind(Patients, "phone", other));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    [Trait("Promise", "ISO-1")]
    public async Task Two_tenants_fields_or_kinds_never_share_a_hash()
    {
        var a = await vault.RecordsAsync(A);
        var b = await vault.RecordsAsync(B);

        Prop.ForAll(Addresses(), address =>
        {
            string[] hashes =
            [
                a.Blind(Patients, "mail", address), b.Blind(Patients, "mail", address),
                a.Blind(Patients, "other-mail", address), a.Blind(Guests, "mail", address),
            ];
            return hashes.Distinct().Count() == hashes.Length;
        }).QuickCheckThrowOnFailure();
    }

    public void Dispose() => vault.Dispose();

    private static EmailAddress Mail(string text) =>
        EmailAddress.TryRead(text, out var address) ? address : throw new FormatException("Not an address.");

    private static Arbitrary<EmailAddress> Addresses() => (
        from name in Gen.Elements("ada", "bob", "a.b", "ab", "ada+x", "x")
        from number in Gen.Choose(0, 20)
        from host in Gen.Elements("mail.example", "post.example", "xn--bcher-kva.example")
        select EmailAddress.Parse($"{name}{number}@{host}")).ToArbitrary();

    private static async Task PutAsync(SealedRecords records, Patient patient) =>
        Assert.IsType<CommitOutcome.Committed>(
            await records.CommitAsync([records.Put(Patients, patient, Condition.Absent)], Cancellation));

    private static async Task<IEnumerable<string>> FindAsync(SealedRecords records, string index, string hash) =>
        (await records.ListAsync(Patients, index, hash, ListOrder.Ascending, 10, null, Cancellation)).Items.Select(item => item.Value.Id);
}
