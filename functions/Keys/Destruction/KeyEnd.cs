using System.Collections.Immutable;
using PracticPro.Kernel;
using PracticPro.Vault;

namespace PracticPro.Keys.Destruction;

/// <summary>How far the destruction of a practice's keys has come. It only goes forward.</summary>
internal enum KeyEndState
{
    /// <summary>Asked for and on record; the keys still work.</summary>
    Requested,

    /// <summary>Every process was told to let go of the keys.</summary>
    Announced,

    /// <summary>The key and the wrapped data keys are gone from where programs use them.</summary>
    Deleted,

    /// <summary>Nobody can open anything now: no process holds a key. Copies may still exist until a known date.</summary>
    Sealed,

    /// <summary>The last copy that could bring a key back has aged out.</summary>
    Final,
}

/// <summary>
/// The destruction of one practice's keys, as it is on record. Lies under the platform's own keys
/// (<see cref="DestructionShelf"/>), since it must outlive the keys it tells of. Ids, dates and digests only.
/// </summary>
/// <param name="AskedBy">Label of the actor.</param>
/// <param name="Documents">How many documents the practice had then.</param>
/// <param name="Versions">Of the practice's key, oldest first.</param>
/// <param name="KeyName">What the key store called the key; empty until it is destroyed.</param>
/// <param name="WrappedKeys">Every wrapped data key there was.</param>
/// <param name="Samples">Sealed values that opened then, and never may again.</param>
/// <param name="AnnouncedAt">When processes were first told to let go.</param>
/// <param name="HeldUntil">From then on no process holds a key.</param>
/// <param name="DeletedAt">By then the key store had deleted the key.</param>
/// <param name="ErasedAt">By then the wrapped data keys were erased.</param>
/// <param name="RecoverableUntil">Until then a person can bring the key back; null: the key store keeps nothing back.</param>
/// <param name="FinalFrom">The last of all dates on which a copy ends.</param>
internal sealed record KeyEnd(
    TenantId Tenant,
    KeyEndState State,
    string AskedBy,
    DateTimeOffset AskedAt,
    long Documents,
    ImmutableArray<KeyVersion> Versions,
    ImmutableArray<WrappedKeyDigest> WrappedKeys,
    ImmutableArray<SampleDigest> Samples,
    WitnessKey Witness,
    string KeyName = "",
    DateTimeOffset? AnnouncedAt = null,
    DateTimeOffset? HeldUntil = null,
    DateTimeOffset? DeletedAt = null,
    DateTimeOffset? ErasedAt = null,
    DateTimeOffset? RecoverableUntil = null,
    DateTimeOffset? SealedAt = null,
    DateTimeOffset? FinalFrom = null,
    DateTimeOffset? FinalAt = null,
    ShredTry? LastTry = null)
{
    public const string ByAsking = "asked";

    public static readonly RecordKind<KeyEnd> Kind = new(
        "key-end", 1, Purpose.Records, static end => end.Tenant.Text,
        RecordIndex<KeyEnd>.Readable(ByAsking, static end => IndexText.Time(end.AskedAt)));
}

/// <summary>A wrapped data key that was erased: enough to know it again, and not to use it.</summary>
/// <param name="Sha256">Of its wrapped bytes, 64 hexadecimal digits.</param>
internal sealed record WrappedKeyDigest(string Use, uint Generation, KeyVersion Version, string Sha256);

/// <summary>Where a sample lay, and the SHA-256 of its stored bytes, 64 hexadecimal digits.</summary>
internal sealed record SampleDigest(string Kind, string Document, string Sha256);

/// <summary>
/// A random key that was wrapped under the practice's key shortly before its end and opens nothing. Whoever can unwrap it
/// has the practice's key; so it is tried instead of a real data key, of which no copy may be kept.
/// </summary>
internal sealed record WitnessKey(KeyVersion Version, byte[] Wrapped)
{
    public static readonly WrapContext Context = new("witness", 1);
}

/// <summary>A sealed value of the practice as it was stored, kept so that it can be tried when the record itself is gone.</summary>
/// <param name="Number">From 0, within the tenant.</param>
/// <param name="Document">Id of the document it was in.</param>
/// <param name="Offset">Where in the body the sealed value begins.</param>
internal sealed record ShreddedSample(
    TenantId Tenant, int Number, string DocumentKind, string Document, Purpose Purpose, string Field, int Schema, int Offset, byte[] Body)
{
    public const string ByTenant = "tenant";

    public static readonly RecordKind<ShreddedSample> Kind = new(
        "shredded-sample", 1, Purpose.Records, static sample => $"{sample.Tenant}-{sample.Number:D3}",
        RecordIndex<ShreddedSample>.Readable(ByTenant, static sample => sample.Tenant.Text));

    public SealContext ToPlace() => new(DocumentKind, Document, Field, Schema);

    public SealedBytes ToValue() => new(Body.AsMemory(Offset));
}
