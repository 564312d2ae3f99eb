using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Keys.Destruction;

/// <summary>
/// Where destructions are on record: a reserved tenant of the platform with keys of its own, so that the records outlive
/// the keys and the data they tell of. A mark in the fleet's directory or a record says that there is one at all; without
/// either nothing is opened, and so nothing is made.
/// </summary>
internal sealed class DestructionShelf(TenantScopes scopes, IStorage storage, IFleet fleet)
{
    /// <summary>No practice can have the id: theirs are made by <see cref="TenantId.New"/>.</summary>
    public static readonly TenantId Owner = TenantId.Parse("platform-destructions");

    private const string OfPlatform = "platform";
    private const int PageSize = 100;
    private static readonly FleetKey Mark = new("key-destructions", "any");

    /// <summary>Whether the id is one of the platform's own.</summary>
    public static bool IsPlatforms(TenantId tenant) => tenant.Text.StartsWith(OfPlatform, StringComparison.Ordinal);

    /// <summary>
    /// Whether a destruction is on record. Either sign is enough: were the mark alone asked, the control would end without
    /// a word when it is lost. Opens no keys.
    /// </summary>
    public async ValueTask<bool> HasAnyAsync(CancellationToken cancellation) =>
        await fleet.FindAsync(Mark, cancellation) is not null
        || (await storage.For(Owner).Documents.ListAsync(
            new ListQuery(KeyEnd.Kind.Documents, KeyEnd.ByAsking, Limit: 1), cancellation)).Items.Count > 0;

    /// <summary>The shelf, to write to it.</summary>
    public async ValueTask<TenantScope> OpenAsync(CancellationToken cancellation)
    {
        await fleet.ClaimAsync(Mark, new FleetEntry(Owner, "any"), cancellation);
        return await scopes.OpenAsync(Owner, cancellation);
    }

    public async ValueTask<Stored<KeyEnd>?> FindAsync(TenantId tenant, CancellationToken cancellation) =>
        await HasAnyAsync(cancellation)
            ? await (await scopes.OpenAsync(Owner, cancellation)).FindAsync(KeyEnd.Kind, tenant.Text, cancellation)
            : null;

    /// <summary>All of them, the oldest first.</summary>
    public async ValueTask<IReadOnlyList<KeyEnd>> ListAsync(CancellationToken cancellation) =>
        await HasAnyAsync(cancellation) ? await ListAsync(KeyEnd.Kind, KeyEnd.ByAsking, "", cancellation) : [];

    public async ValueTask<IReadOnlyList<ShreddedSample>> SamplesAsync(TenantId tenant, CancellationToken cancellation)
    {
        var found = await ListAsync(ShreddedSample.Kind, ShreddedSample.ByTenant, tenant.Text, cancellation);

        // A prefix: another tenant's id may begin with this one.
        return [.. found.Where(sample => sample.Tenant == tenant)];
    }

    /// <summary>
    /// Writes the record if it is still the one that was read.
    /// </summary>
    /// <returns>False when somebody else wrote it meanwhile: read again, decide again.</returns>
    public async ValueTask<bool> ReplaceAsync(KeyEnd changed, DocumentVersion version, CancellationToken cancellation)
    {
        var scope = await scopes.OpenAsync(Owner, cancellation);
        return await scope.CommitAsync([scope.Put(KeyEnd.Kind, changed, Condition.Is(version))], cancellation)
            is CommitOutcome.Committed;
    }

    private async ValueTask<List<T>> ListAsync<T>(RecordKind<T> kind, string index, string prefix, CancellationToken cancellation)
        where T : class
    {
        var scope = await scopes.OpenAsync(Owner, cancellation);
        var all = new List<T>();
        Cursor? after = null;
        do
        {
            var page = await scope.Records.ListAsync(kind, index, prefix, ListOrder.Ascending, PageSize, after, cancellation);
            all.AddRange(page.Items.Select(static stored => stored.Value));
            after = page.Next;
        }
        while (after is not null);
        return all;
    }
}
