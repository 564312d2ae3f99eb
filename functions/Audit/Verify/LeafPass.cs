namespace PracticPro.Audit.Verify;

/// <summary>
/// The one pass over an exported log: leaves, list of hashes and disclosed values side by side, each read once.
/// Adds defects of single lines; whether the sum is right is for the caller, who knows the checkpoint.
/// </summary>
internal sealed class LeafPass(OpenAuditFile open, DefectList defects, Checkpoint? earlier)
{
    private const int CancellationInterval = 4096;
    private readonly CompactRange range = new();

    public long Leaves => range.Size;

    public TreeHash Root { get; private set; } = MerkleTree.EmptyRoot;

    public TreeHash? RootAtEarlierSize { get; private set; }

    /// <summary>Null when the list of hashes says what the leaves say, line by line and to the end.</summary>
    public long? FirstHashThatDiffers { get; private set; }

    public long CommittedValues { get; private set; }

    public long DisclosedValues { get; private set; }

    public void Run(CancellationToken cancellation)
    {
        using var leaves = Open(AuditFiles.Leaves);
        using var hashes = Open(AuditFiles.Hashes);
        using var values = open(AuditFiles.Values) is { } stream ? new ValuesInOrder(stream, defects) : null;
        KeepEarlierRoot();
        while (leaves is not null && leaves.TryNext(out var line))
        {
            TakeLeaf(line, values);
            CompareHash(hashes, MerkleTree.Leaf(line));
            KeepEarlierRoot();
            if (range.Size % CancellationInterval == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }
        }

        Root = range.Root();
        if (hashes is not null && hashes.TryNext(out _))
        {
            FirstHashThatDiffers ??= range.Size;
        }

        values?.End();
        Told(leaves, AuditFiles.Leaves);
        Told(hashes, AuditFiles.Hashes);
        Told(values?.Lines, AuditFiles.Values);
    }

    private void TakeLeaf(ReadOnlySpan<byte> line, ValuesInOrder? values)
    {
        if (!AuditLeafReader.TryRead(line, out var leaf))
        {
            defects.Add(new Defect.LeafMalformed(range.Size));
            return;
        }

        CommittedValues += leaf.Commitments.Length;
        DisclosedValues += values?.Check(range.Size, leaf) ?? 0;
    }

    private void CompareHash(LineReader? hashes, TreeHash leaf)
    {
        if (hashes is not null
            && !(hashes.TryNext(out var hex) && TreeHash.TryParse(hex, out var listed) && listed == leaf))
        {
            FirstHashThatDiffers ??= range.Size;
        }

        range.Append(leaf);
    }

    private void KeepEarlierRoot()
    {
        if (earlier?.Size == range.Size)
        {
            RootAtEarlierSize = range.Root();
        }
    }

    private LineReader? Open(string name)
    {
        if (open(name) is { } stream)
        {
            return new LineReader(stream);
        }

        defects.Add(new Defect.FileMissing(name));
        return null;
    }

    private void Told(LineReader? lines, string name)
    {
        if (lines is { Damaged: true })
        {
            defects.Add(new Defect.FileDamaged(name));
        }
    }
}
