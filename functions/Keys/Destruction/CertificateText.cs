using System.Collections.Immutable;
using System.Globalization;
using PracticPro.Audit.Verify;

namespace PracticPro.Keys.Destruction;

/// <summary>
/// The certificate of a destruction as canonical JSON (RFC 8785), one line. Times are UTC to the second. What stands in it
/// is either known or left out; "destroyed" is nowhere said of a copy before the date on which it ends.
/// </summary>
internal static class CertificateText
{
    public const string SealedWord = "sealed";
    public const string FinalWord = "final";

    private const string NothingBack =
        "the key store keeps nothing back; copies of a local key file, if anybody made some, are their owner's to destroy";

    private static readonly ImmutableArray<string> Limits =
    [
        "Records and blobs were left where they are, as ciphertext without a key.",
        "Copies of the practice's content that were handed out, sent or exported in the clear are not reached.",
        "Of blobs no sample was drawn.",
    ];

    public static byte[] Of(KeyEnd end, BackupTerms backup)
    {
        List<Named<Canonical>> members =
        [
            new("shape", Canonical.Of(1)),
            new("tenant", Canonical.Of(end.Tenant.Text)),
            new("state", Canonical.Of(end.State == KeyEndState.Final ? FinalWord : SealedWord)),
            new("key", Members(
                ("name", Canonical.Of(end.KeyName)),
                ("versions", List(end.Versions.Select(static version => Canonical.Of(version.Text)))))),
            new("wrappedKeys", List(end.WrappedKeys.Select(Wrapped))),
            new("witness", Members(
                ("version", Canonical.Of(end.Witness.Version.Text)),
                ("sha256", Canonical.Of(SampleSealed.Sha256(end.Witness.Wrapped))))),
            new("samples", List(end.Samples.Select(Sample))),
            new("documents", Canonical.Of(end.Documents)),
            new("askedBy", Canonical.Of(end.AskedBy)),
            new("askedAt", Time(end.AskedAt)),
            new("announcedAt", Time(end.AnnouncedAt)),
            new("heldByProcessesUntil", Time(end.HeldUntil)),
            new("deletedAt", Time(end.DeletedAt)),
            new("wrappedKeysErasedAt", Time(end.ErasedAt)),
            new("recoverable", Recoverable(end)),
            new("backup", Backup(end, backup)),
            new("sealedAt", Time(end.SealedAt)),
            new("finalFrom", Time(end.FinalFrom)),
            new("limits", List(Limits.Select(Canonical.Of))),
        ];
        if (end is { State: KeyEndState.Final, FinalAt: { } finalAt, LastTry: { } tried })
        {
            members.Add(new("finalAt", Time(finalAt)));
            members.Add(new("lastTriedAt", Time(tried.At)));
        }

        return new Canonical.Members(members).ToUtf8();
    }

    private static Canonical.Members Recoverable(KeyEnd end) => end.RecoverableUntil is { } until
        ? Members(("until", Time(until)))
        : Members(("until", Canonical.Of("never")), ("why", Canonical.Of(NothingBack)));

    private static Canonical.Members Backup(KeyEnd end, BackupTerms backup) => backup.Window == TimeSpan.Zero
        ? Members(("kind", Canonical.Of(backup.Kind)))
        : Members(
            ("kind", Canonical.Of(backup.Kind)),
            ("days", Canonical.Of((long)Math.Ceiling(backup.Window.TotalDays))),
            ("lastThatMayHoldWrappedKeys", Time(end.ErasedAt)),
            ("agesOutAt", Time(backup.AgesOutAt(end.ErasedAt!.Value))));

    private static Canonical Wrapped(WrappedKeyDigest key) => Members(
        ("use", Canonical.Of(key.Use)),
        ("generation", Canonical.Of(key.Generation)),
        ("version", Canonical.Of(key.Version.Text)),
        ("sha256", Canonical.Of(key.Sha256)));

    private static Canonical Sample(SampleDigest sample) => Members(
        ("kind", Canonical.Of(sample.Kind)),
        ("document", Canonical.Of(sample.Document)),
        ("sha256", Canonical.Of(sample.Sha256)));

    private static Canonical Time(DateTimeOffset? at) => Canonical.Of(
        (at ?? throw new InvalidOperationException("A certificate lacks a date."))
        .UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));

    private static Canonical.Members Members(params (string Name, Canonical Value)[] members) =>
        new(members.Select(static member => new Named<Canonical>(member.Name, member.Value)));

    private static Canonical.List List(IEnumerable<Canonical> items) => new([.. items]);
}
