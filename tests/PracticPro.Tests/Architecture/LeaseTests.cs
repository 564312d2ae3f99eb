namespace PracticPro.Tests.Architecture;

/// <summary>Where keys are taken out to be leased, and that whoever reads under a lease has no other way in (STAFF-1).</summary>
[Trait("Promise", "STAFF-1")]
public sealed class LeaseTests
{
    private static readonly string[] WaysIn =
    [
        "PracticPro.Vault.KeyRing", "PracticPro.Vault.IKeyEncryption", "PracticPro.Vault.IVault", "PracticPro.Vault.PlatformKeys",
        "PracticPro.Audit.TenantScopes", "PracticPro.Audit.TenantScope", "PracticPro.Audit.AuditTrails",
    ];

    [Fact]
    public void Keys_are_taken_out_where_a_lease_is_made_and_nowhere_else()
    {
        Assert.Equal(["PracticPro.Vault.Leases.MakeKeyLease"], Owners("PracticPro.Vault.TenantKeys::ForLease"));
        Assert.Equal(["PracticPro.Vault.Leases.MakeKeyLease"], Owners("PracticPro.Vault.DataKey::CopyKeyTo"));
        Assert.Equal(["PracticPro.Vault.Leases.MakeKeyLease"], Owners("PracticPro.Vault.Leases.KeyLeaseWrap::Wrap")
            .Except(["PracticPro.Vault.Leases.KeyLeaseWrap"]));
        Assert.Equal(["PracticPro.Keys.GrantLease"], Owners("PracticPro.Vault.Leases.MakeKeyLease::.ctor"));
    }

    [Fact]
    public void Whoever_reads_under_a_lease_cannot_open_the_tenants_own_keys()
    {
        string[] readers =
        [
            "PracticPro.Keys.ReadUnderLease", "PracticPro.Keys.LeaseWitness", "PracticPro.Vault.Leases.LeasedRecords",
            "PracticPro.Vault.Leases.OpenUnderLease", "PracticPro.Vault.Leases.KeyLeaseWrap",
        ];
        var types = Compiled.Types.Where(type => readers.Contains(type.FullName.Split('/')[0])).ToList();

        Assert.Equal(readers.Order(), types.Select(type => type.FullName.Split('/')[0]).Distinct().Order());
        Assert.All(types, type => Assert.DoesNotContain(
            Compiled.NamedBy(type), named => WaysIn.Contains(named.FullName)));
    }

    [Fact]
    public void Nobody_opens_under_a_lease_but_with_the_witness_that_writes_to_the_audit_log()
    {
        var witnesses = Compiled.Types
            .Where(type => type.Interfaces.Any(one => one.InterfaceType.FullName == "PracticPro.Vault.Leases.IOpeningWitness"));

        Assert.Equal(["PracticPro.Keys.LeaseWitness"], witnesses.Select(type => type.FullName));
        Assert.Equal(["PracticPro.Vault.Leases.LeasedRecords"], Owners("PracticPro.Vault.Leases.OpenUnderLease::.ctor"));
        Assert.Equal(["PracticPro.Keys.ReadUnderLease"], Owners("PracticPro.Vault.Leases.LeasedRecords::.ctor"));
    }

    private static IEnumerable<string> Owners(string called) =>
        Compiled.CallersOf(called).Select(method => method.DeclaringType.FullName.Split('/')[0]).Distinct();
}
