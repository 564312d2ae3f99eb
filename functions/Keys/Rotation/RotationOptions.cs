using PracticPro.Vault;

namespace PracticPro.Keys.Rotation;

/// <summary>How fast and how often keys are rotated.</summary>
internal sealed record RotationOptions
{
    /// <summary>How far two machines' clocks may be apart. A generation seals so much later than all know it.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromMinutes(2);

    /// <summary>After everything was ended that was begun under old keys: until no write of it can still be on its way.</summary>
    public static readonly TimeSpan WritesUnderWay = TimeSpan.FromMinutes(10);

    /// <summary>Documents looked at in one step. Default 250, 1–500.</summary>
    public int DocumentsAStep { get; init; } = 250;

    /// <summary>Documents looked at in a second, so that a practice's own work goes before. Default 1,000, from 1.</summary>
    public int DocumentsASecond { get; init; } = 1000;

    /// <summary>When a version of the tenant's key is due. Default 90 days.</summary>
    public TimeSpan TenantKeyEvery { get; init; } = TimeSpan.FromDays(90);

    /// <summary>When a generation of data keys is due. Default 365 days.</summary>
    public TimeSpan DataKeysEvery { get; init; } = TimeSpan.FromDays(365);

    /// <summary>What one step costs in time.</summary>
    public TimeSpan PauseAfter(int documents) => TimeSpan.FromSeconds((double)documents / DocumentsASecond);

    /// <summary>When a generation that is stored by now can begin to seal: when every process knows it.</summary>
    /// <param name="handles">How long a process may use keys without reading them anew.</param>
    public static DateTimeOffset SealsFrom(RotationReason reason, DateTimeOffset now, TimeSpan handles) => now + Skew
        + (reason == RotationReason.Compromised ? KeyRevocations.HeardWithin : handles);

    /// <summary>How long after that something sealed under the old generation may still be written.</summary>
    public static TimeSpan SettlesWithin(RotationReason reason) => Skew
        + (reason == RotationReason.Compromised ? WritesUnderWay : KeyRingOptions.StreamLifetime);
}
