using PracticPro.Audit;

namespace PracticPro.Access;

/// <summary>
/// What a kind of document has entered in the fleet's directory. Each room that enters something says so by one of these;
/// whoever changes the key of the directory enters it anew.
/// </summary>
internal interface IFleetListing
{
    /// <summary>Name of the documents' kind.</summary>
    string Kind { get; }

    /// <summary>What the document has entered; null when it is gone.</summary>
    ValueTask<FleetListed?> FindAsync(TenantScope scope, string id, CancellationToken cancellation);
}

/// <param name="Value">What it is entered for, in its one spelling. Personal: it is not kept and not shown.</param>
/// <param name="IsHeld">The entry should be there; otherwise it may be.</param>
internal sealed record FleetListed(string Directory, string Value, string Reference, bool IsHeld)
{
    // A value may be somebody's address.
    public override string ToString() => Directory;
}
