using PracticPro.Access;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Keys.Platform;

/// <summary>What one walk over everybody's entries in the fleet's directory found and did.</summary>
/// <param name="Entries">That are in place, or were put there.</param>
/// <param name="Moved">Of these, where something was to be done.</param>
/// <param name="Missing">Whose owner counts on them and another has them, under every key: a fault the walk cannot mend.</param>
/// <param name="Refused">That are needed under an older key.</param>
/// <param name="UnreadPractices">Whose keys cannot be used now.</param>
/// <param name="UnreadRecords">That do not open.</param>
/// <param name="Gone">Practices whose keys are destroyed, also while they lie in the store's bin: what they had entered belongs to nobody.</param>
internal sealed record FleetWalk(
    long Practices, long Entries, long Moved, long Missing, long Refused, int UnreadPractices, int UnreadRecords, int Gone = 0)
{
    public static readonly FleetWalk None = new(0, 0, 0, 0, 0, 0, 0);

    public FleetWalk With(FleetMove move) => move switch
    {
        FleetMove.InPlace => this with { Entries = Entries + 1 },
        FleetMove.Moved => this with { Entries = Entries + 1, Moved = Moved + 1 },
        FleetMove.Missing => this with { Missing = Missing + 1 },
        FleetMove.Refused => this with { Refused = Refused + 1 },
        _ => this,
    };
}

/// <summary>
/// Enters everybody in the fleet's directory under the newest key, by what their own records say: the directory cannot be
/// read back. So it also makes a directory that is hashed under keys which are gone, after a restore. Walks all documents of
/// all practices and opens those that enter something. Doing it twice is doing it once.
/// </summary>
internal sealed class EnterFleet(
    IFleet fleet, TenantScopes scopes, FleetDirectory directory, IKeyEncryption encryption, IEnumerable<IFleetListing> listings)
{
    private const int PageSize = 500;

    private readonly Dictionary<string, List<IFleetListing>> byKind =
        listings.GroupBy(listing => listing.Kind).ToDictionary(group => group.Key, group => group.ToList(), StringComparer.Ordinal);

    /// <param name="letGo">Whether entries are taken out from under older keys once they are under the newest.</param>
    public async Task<FleetWalk> RunAsync(bool letGo, IProgress<FleetWalk>? progress, CancellationToken cancellation)
    {
        var walk = FleetWalk.None;
        await foreach (var tenant in fleet.TenantsAsync(cancellation))
        {
            walk = await WalkAsync(tenant, letGo, walk with { Practices = walk.Practices + 1 }, cancellation);
            progress?.Report(walk);
        }

        return walk;
    }

    private async Task<FleetWalk> WalkAsync(TenantId tenant, bool letGo, FleetWalk walk, CancellationToken cancellation)
    {
        try
        {
            Cursor? after = null;
            do
            {
                // Opened for each page: a handle's keys run out after minutes.
                var scope = await scopes.OpenAsync(tenant, cancellation);
                var page = await scope.Storage.Documents.WalkAsync(after, PageSize, cancellation);
                foreach (var key in page.Items.Select(found => found.Document.Key))
                {
                    foreach (var listing in byKind.GetValueOrDefault(key.Kind.Name, []))
                    {
                        walk = await MoveAsync(scope, listing, key.Id, letGo, walk, cancellation);
                    }
                }

                after = page.Next;
            }
            while (after is not null);
            return walk;
        }
        catch (UnexpectedFailureException)
        {
            if (await encryption.FindDestructionAsync(tenant, cancellation) is { Remains: not DestroyedKeyRemains.Everything })
            {
                // In the store's bin for months it is not waited for: it gets nothing new even if somebody takes it out.
                // Whose names they were can no longer be said: under the old key they go with it.
                await TenantDirectory.LeaveAsync(directory, tenant, cancellation);
                return walk with { Gone = walk.Gone + 1 };
            }

            // Its key may not be used. Whoever can use it again will be asked for by name; until then its entries stay.
            return walk with { UnreadPractices = walk.UnreadPractices + 1 };
        }
    }

    private async Task<FleetWalk> MoveAsync(
        TenantScope scope, IFleetListing listing, string id, bool letGo, FleetWalk walk, CancellationToken cancellation)
    {
        try
        {
            return await listing.FindAsync(scope, id, cancellation) is { } listed
                ? walk.With(await directory.MoveAsync(
                    listed.Directory, listed.Value, new FleetEntry(scope.Tenant, listed.Reference), listed.IsHeld, letGo, cancellation))
                : walk;
        }
        catch (TamperedRecordException)
        {
            return walk with { UnreadRecords = walk.UnreadRecords + 1 };
        }
    }
}
