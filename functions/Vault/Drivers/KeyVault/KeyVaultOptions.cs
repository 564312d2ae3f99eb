namespace PracticPro.Vault.Drivers.KeyVault;

/// <summary>
/// Section <c>Azure:KeyVault</c>: where the vault is and how it is asked. No key, no secret: the program signs in as
/// itself. All ranges are inclusive, checked at start with all errors at once.
/// </summary>
internal sealed record KeyVaultOptions
{
    /// <summary>The vault's own address, <c>https://name.vault.azure.net</c>.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Bits of a tenant's RSA key: 2048, 3072 or 4096. Keys that exist stay as they are.</summary>
    public int KeySize { get; init; } = 3072;

    /// <summary>How long after its creation the vault rotates a tenant's key by itself. Whole days, 7–730.</summary>
    public TimeSpan RotateAfter { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How long one request may take. 100 ms – 1 min.</summary>
    public TimeSpan RequestLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a call may wait for its turn and for a throttle's end, in all. 100 ms – 5 min.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Requests under way at once. 1–256.</summary>
    public int MostAtOnce { get; init; } = 16;

    /// <summary>Calls that may wait for their turn at once; a further one fails at once. 1–10,000.</summary>
    public int MostWaiting { get; init; } = 512;

    /// <summary>How long a program waits for another one that is making the same key. 1 s – 5 min.</summary>
    public TimeSpan ClaimPatience { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Name of the P-256 key that signs checkpoints. Letters, digits and hyphens, not beginning with <c>tenant-</c>.</summary>
    public string SigningKey { get; init; } = "platform-signing";

    /// <summary>Name of the RSA key that wraps the platform's own keys, as above.</summary>
    public string PlatformKey { get; init; } = "platform-wrapping";

    /// <summary>What is wrong, a sentence each.</summary>
    public IEnumerable<string> Errors()
    {
        (bool Holds, string Error)[] checks =
        [
            (Endpoint is { IsAbsoluteUri: true } home && home.Scheme == Uri.UriSchemeHttps && home.AbsolutePath == "/" && home.Query.Length == 0 && home.UserInfo.Length == 0,
                "Azure:KeyVault:Endpoint is the vault's https address without a path."),
            (KeySize is 2048 or 3072 or 4096, "Azure:KeyVault:KeySize is 2048, 3072 or 4096."),
            (Within(RotateAfter, TimeSpan.FromDays(7), TimeSpan.FromDays(730)) && RotateAfter.Ticks % TimeSpan.TicksPerDay == 0,
                "Azure:KeyVault:RotateAfter is 7–730 whole days."),
            (Within(RequestLimit, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)), "Azure:KeyVault:RequestLimit is 100 milliseconds – 1 minute."),
            (Within(Patience, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5)), "Azure:KeyVault:Patience is 100 milliseconds – 5 minutes."),
            (MostAtOnce is >= 1 and <= 256, "Azure:KeyVault:MostAtOnce is 1–256."),
            (MostWaiting is >= 1 and <= 10_000, "Azure:KeyVault:MostWaiting is 1–10000."),
            (Within(ClaimPatience, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)), "Azure:KeyVault:ClaimPatience is 1 second – 5 minutes."),
            (VaultKeyName.IsPlatform(SigningKey), "Azure:KeyVault:SigningKey is letters, digits and hyphens, not beginning with tenant-."),
            (VaultKeyName.IsPlatform(PlatformKey) && PlatformKey != SigningKey, "Azure:KeyVault:PlatformKey is letters, digits and hyphens, not beginning with tenant-, and not the signing key."),
        ];
        return checks.Where(check => !check.Holds).Select(check => check.Error);
    }

    private static bool Within(TimeSpan value, TimeSpan least, TimeSpan most) => value >= least && value <= most;
}
