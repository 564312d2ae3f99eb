using System.Collections.Immutable;
using PracticPro.Storage;

namespace PracticPro.Vault;

/// <summary>
/// The fleet's entries by what they are entered for, under every key of <see cref="PlatformKeys"/> that there is. While the
/// key is being changed an entry may lie under the old one, the new one or both:
/// <list type="bullet">
/// <item>It is found under any.</item>
/// <item>A claim is refused when another has it under any, and is made under all that are claimed under, the oldest first. Two
/// processes of which one knows a key more than the other claim under one key both know, and one of them loses there.</item>
/// <item>It is let go under all, the oldest first: who copies it to a newer key looks at the older one afterwards.</item>
/// </list>
/// </summary>
internal sealed class FleetDirectory(IFleet fleet, PlatformKeys platform)
{
    /// <summary>Who owns the entry, or null.</summary>
    public async ValueTask<FleetEntry?> FindAsync(string directory, string value, CancellationToken cancellation) =>
        await FindAsync(directory, (await platform.HashAsync(directory, value, cancellation)).Known, cancellation);

    /// <summary>The same by hashes that were made earlier, newest first.</summary>
    public async ValueTask<FleetEntry?> FindAsync(
        string directory, ImmutableArray<string> hashes, CancellationToken cancellation)
    {
        foreach (var hash in hashes)
        {
            if (await fleet.FindAsync(new FleetKey(directory, hash), cancellation) is { } found)
            {
                return found;
            }
        }

        // It may have been copied to the newest, and let go under the old one, between the two looks.
        return hashes.Length > 1 ? await fleet.FindAsync(new FleetKey(directory, hashes[0]), cancellation) : null;
    }

    /// <summary>True when it is now, or already was, exactly this one; false when it is another's.</summary>
    public async ValueTask<bool> ClaimAsync(
        string directory, string value, FleetEntry entry, CancellationToken cancellation)
    {
        var hashes = await platform.HashAsync(directory, value, cancellation);
        var before = await FindAsync(directory, hashes.Known, cancellation);
        if (before is not null && before != entry)
        {
            return false;
        }

        var made = new List<FleetKey>();
        foreach (var key in hashes.Claimed.Select(hash => new FleetKey(directory, hash)))
        {
            if (await fleet.ClaimAsync(key, entry, cancellation))
            {
                made.Add(key);
                continue;
            }

            // Somebody came between. What was ours before stays ours.
            foreach (var back in before is null ? made : [])
            {
                await fleet.ReleaseAsync(back, entry, cancellation);
            }

            return false;
        }

        return true;
    }

    /// <summary>Lets go of the entry if it is still exactly this one.</summary>
    public async ValueTask ReleaseAsync(
        string directory, string value, FleetEntry entry, CancellationToken cancellation)
    {
        var hashes = await platform.HashAsync(directory, value, cancellation);
        foreach (var hash in hashes.Known.Reverse())
        {
            await fleet.ReleaseAsync(new FleetKey(directory, hash), entry, cancellation);
        }
    }

    /// <summary>
    /// Enters it under the newest key that is claimed under, if it is due there: it is under an older one, or
    /// <paramref name="isHeld"/> and under none. With <paramref name="letGo"/> the older ones are let go afterwards.
    /// </summary>
    /// <param name="isHeld">Its owner counts on it. Otherwise it is only moved if it is there.</param>
    public async ValueTask<FleetMove> MoveAsync(
        string directory, string value, FleetEntry entry, bool isHeld, bool letGo, CancellationToken cancellation)
    {
        var hashes = await platform.HashAsync(directory, value, cancellation);
        var newest = new FleetKey(directory, hashes.Claimed[^1]);
        var older = hashes.Known.Where(hash => hash != newest.KeyedHash).Select(hash => new FleetKey(directory, hash)).ToList();
        var mine = await MineAsync(older, entry, cancellation);
        var there = await fleet.FindAsync(newest, cancellation);
        var isDue = there is null && (mine.Count > 0 || (isHeld && await FreeAsync(older, cancellation)));
        if (isDue && await fleet.ClaimAsync(newest, entry, cancellation))
        {
            if (mine.Count > 0 && (await MineAsync(mine, entry, cancellation)).Count == 0)
            {
                // Its owner let it go meanwhile, and may have looked here before it was.
                await fleet.ReleaseAsync(newest, entry, cancellation);
                return FleetMove.None;
            }

            there = entry;
        }

        if (there != entry)
        {
            return mine.Count > 0 ? FleetMove.Refused : isHeld ? FleetMove.Missing : FleetMove.None;
        }

        if (letGo)
        {
            foreach (var key in mine)
            {
                await fleet.ReleaseAsync(key, entry, cancellation);
            }
        }

        return isDue || (letGo && mine.Count > 0) ? FleetMove.Moved : FleetMove.InPlace;
    }

    private async ValueTask<List<FleetKey>> MineAsync(
        IEnumerable<FleetKey> keys, FleetEntry entry, CancellationToken cancellation)
    {
        var mine = new List<FleetKey>();
        foreach (var key in keys)
        {
            if (await fleet.FindAsync(key, cancellation) == entry)
            {
                mine.Add(key);
            }
        }

        return mine;
    }

    private async ValueTask<bool> FreeAsync(IEnumerable<FleetKey> keys, CancellationToken cancellation)
    {
        foreach (var key in keys)
        {
            if (await fleet.FindAsync(key, cancellation) is not null)
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>What became of an entry that was to be under the newest key.</summary>
internal enum FleetMove
{
    /// <summary>It was under the newest key: nothing was to be done.</summary>
    InPlace,

    /// <summary>It is under the newest key now, and was not; or it was let go under an older one.</summary>
    Moved,

    /// <summary>It is under no key, and need not be.</summary>
    None,

    /// <summary>Its owner counts on it, and another has it under every key: not the change of keys did that.</summary>
    Missing,

    /// <summary>It is its owner's under an older key and another's under the newest. Never, if claims keep their order.</summary>
    Refused,
}
