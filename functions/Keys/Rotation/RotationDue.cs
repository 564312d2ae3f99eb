using PracticPro.Vault;

namespace PracticPro.Keys.Rotation;

/// <summary>Whether a practice's keys have come of age.</summary>
internal static class RotationDue
{
    /// <param name="keys">All data keys; at least one.</param>
    /// <param name="newest">The newest version of the tenant's key.</param>
    /// <param name="last">The last rotation, if there was one.</param>
    /// <returns>The reason of the rotation that is due, or null.</returns>
    public static RotationReason? Judge(
        IReadOnlyCollection<DataKeyRecord> keys,
        KeyVersion newest,
        KeyRotation? last,
        DateTimeOffset now,
        RotationOptions options)
    {
        if (last is { IsUnderWay: true })
        {
            return null;
        }

        var purposes = keys.Where(key => PurposeWords.Find(key.Use) is not null)
            .GroupBy(key => key.Use, key => key.CreatedAt)
            .Select(use => use.Max());
        if (purposes.Any(made => made + options.DataKeysEvery <= now))
        {
            return RotationReason.DataKeysDue;
        }

        // A key store that makes versions by itself has made one when a data key is not wrapped under the newest.
        var wrapped = last?.FinishedAt ?? keys.Min(key => key.CreatedAt);
        return wrapped + options.TenantKeyEvery <= now || keys.Any(key => key.Version != newest)
            ? RotationReason.TenantKeyDue
            : null;
    }
}
