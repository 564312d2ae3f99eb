using System.Security.Cryptography;
using System.Text;
using PracticPro.Audit.Verify;

namespace PracticPro.Tests.Audit;

/// <summary>
/// An exported log in memory, made without the program's own exporter, so that the verifier is not held against
/// the code it is there to check. Leaves are made from their number; every third discloses a value.
/// </summary>
internal sealed class ExportedFolder
{
    public const string Origin = Checkpoint.OriginPrefix + "clinic-a";

    private readonly Dictionary<string, byte[]> files;

    private ExportedFolder(Dictionary<string, byte[]> files) => this.files = files;

    public byte[] this[string name]
    {
        get => files[name];
        set => files[name] = value;
    }

    public static ExportedFolder Of(int leaves, ECDsa signer, int seed = 0)
    {
        var entries = Enumerable.Range(0, leaves).Select(index => Leaf(index, seed).ToUtf8()).ToArray();
        var values = Enumerable.Range(0, leaves).Where(index => index % 3 == 0)
            .Select(index => new DisclosedValues(LeafId(index, seed), [new("recipient", Value(index, seed))]).ToUtf8());
        return new ExportedFolder(new()
        {
            [AuditFiles.Leaves] = Lines(entries),
            [AuditFiles.Hashes] = HashList(entries),
            [AuditFiles.Checkpoint] = Encoding.UTF8.GetBytes(NoteFor(entries, signer).Text),
            [AuditFiles.Key] = Encoding.UTF8.GetBytes(KeyOf(signer).Pem),
            [AuditFiles.Values] = Lines(values),
        });
    }

    public static CheckpointNote NoteFor(IEnumerable<byte[]> entries, ECDsa signer, string origin = Origin)
    {
        var hashes = entries.Select(entry => MerkleTree.Leaf(entry)).ToArray();
        return Sign(new Checkpoint(origin, hashes.Length, MerkleTree.Root(hashes)), signer);
    }

    public static CheckpointNote Sign(Checkpoint checkpoint, ECDsa signer) => CheckpointNote.Of(
        checkpoint,
        KeyOf(signer),
        signer.SignData(Encoding.UTF8.GetBytes(checkpoint.Text), HashAlgorithmName.SHA256));

    public static CheckpointKey KeyOf(ECDsa signer) =>
        CheckpointKey.TryParse(signer.ExportSubjectPublicKeyInfoPem(), out var key) ? key : throw new ArgumentException("No key.");

    public static AuditLeaf Leaf(int index, int seed = 0) => new(
        LeafId(index, seed),
        1_790_000_000_000 + index,
        "job:mail-sync",
        "mail-synced",
        [new("connection", "connection-1")],
        [new("messages", index)],
        ["AUD-2"],
        index % 3 == 0
            ? [new("recipient", ValueCommitment.Of(Value(index, seed).Salt.AsSpan(), "recipient", Value(index, seed).Value))]
            : []);

    public static byte[] Lines(IEnumerable<byte[]> lines) => [.. lines.SelectMany(line => (byte[])[.. line, (byte)'\n'])];

    public static byte[] HashList(IEnumerable<byte[]> entries) =>
        Lines(entries.Select(entry => Encoding.ASCII.GetBytes(MerkleTree.Leaf(entry).ToString())));

    public List<byte[]> LinesOf(string name) =>
        [.. Encoding.UTF8.GetString(files[name]).TrimEnd('\n').Split('\n').Select(Encoding.UTF8.GetBytes)];

    public ExportedFolder EditLines(string name, Action<List<byte[]>> edit)
    {
        var lines = LinesOf(name);
        edit(lines);
        files[name] = Lines(lines);
        return this;
    }

    public ExportedFolder Without(string name)
    {
        files.Remove(name);
        return this;
    }

    public Stream? Open(string name) => files.TryGetValue(name, out var bytes) ? new MemoryStream(bytes) : null;

    public AuditVerdict Verify(ECDsa? pinned = null, CheckpointNote? earlier = null, string? origin = null) =>
        AuditFolderVerifier.Verify(
            Open,
            new AuditExpectations(pinned is null ? null : KeyOf(pinned).KeyId, earlier, origin),
            TestContext.Current.CancellationToken);

    private static string LeafId(int index, int seed) => $"leaf-{seed}-{index}";

    private static DisclosedValue Value(int index, int seed) => new(
        $"person {index} <p{index}@example.org>",
        [.. SHA256.HashData(Encoding.UTF8.GetBytes($"salt {seed} {index}"))]);
}
