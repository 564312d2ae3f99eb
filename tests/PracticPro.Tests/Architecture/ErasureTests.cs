namespace PracticPro.Tests.Architecture;

/// <summary>Nothing is deleted from a practice's documents without an entry in its ledger of erasures (OPS-1).</summary>
public sealed class ErasureTests
{
    [Fact]
    [Trait("Promise", "OPS-1")]
    public void Only_the_ledger_and_the_sealed_records_make_a_deletion()
    {
        var makers = Compiled.CallersOf("PracticPro.Storage.Operation/Delete::.ctor")
            .Select(method => method.DeclaringType.FullName.Split('/')[0])
            .Where(name => name != "PracticPro.Storage.Operation")
            .Distinct()
            .ToList();

        // The restore carries out again what a ledger says, and writes its entry beside it. A generation of keys that is let
        // go is no erasure: a restore of an earlier moment brings it back with the values that need it, and must.
        Assert.Equal(
            [
                "PracticPro.Backup.ReapplyErasures", "PracticPro.Keys.Rotation.RetireGenerations",
                "PracticPro.Storage.ErasureLedger", "PracticPro.Vault.SealedRecords",
            ],
            makers.Order(StringComparer.Ordinal));
    }

    [Fact]
    [Trait("Promise", "OPS-1")]
    public void Only_a_scope_that_keeps_the_ledger_commits_what_the_sealed_records_delete()
    {
        string[] calls = ["PracticPro.Vault.SealedRecords::Delete", "PracticPro.Vault.SealedRecords::CommitAsync"];
        var callers = calls.SelectMany(Compiled.CallersOf)
            .Select(method => method.DeclaringType.FullName.Split('/')[0])
            .Distinct()
            .ToList();

        Assert.Equal(["PracticPro.Audit.TenantScope"], callers);
    }
}
