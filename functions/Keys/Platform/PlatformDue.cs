using PracticPro.Vault;

namespace PracticPro.Keys.Platform;

/// <summary>When each key of the platform is to be changed next: a year after the last change.</summary>
/// <param name="Key">As the command line names it: <c>fleet-hash</c>, <c>signing</c>.</param>
/// <param name="Since">Since when it is used; null for the first one, whose beginning is not on record.</param>
/// <param name="IsUnderWay">A change was begun and is not done.</param>
internal sealed record PlatformDue(string Key, int Generation, DateTimeOffset? Since, DateTimeOffset? DueAt, bool IsUnderWay)
{
    public static readonly TimeSpan Every = TimeSpan.FromDays(365);

    public static async Task<IReadOnlyList<PlatformDue>> AllAsync(
        IFleetHashKeys hashes, ISigningKeys signing, CancellationToken cancellation)
    {
        var hash = await hashes.ReadAsync(cancellation);
        var signs = await signing.ReadAsync(cancellation);
        return
        [
            Of("fleet-hash", hash[^1].Number, hash[^1].UsedFrom, hash.Length > 1),
            Of("signing", signs[^1].Number, signs[^1].SignsFrom, signs.Length > 1 && !signs[^2].IsEnded),
        ];
    }

    private static PlatformDue Of(string key, int generation, DateTimeOffset since, bool isUnderWay) => since == DateTimeOffset.UnixEpoch
        ? new(key, generation, null, null, isUnderWay)
        : new(key, generation, since, since + Every, isUnderWay);
}
