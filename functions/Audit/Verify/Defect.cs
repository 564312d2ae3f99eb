namespace PracticPro.Audit.Verify;

/// <summary>Which of the two verdicts a defect takes away.</summary>
[Flags]
internal enum Aspect
{
    None = 0,

    /// <summary>Every leaf that is here is one that was logged, in its place and unchanged.</summary>
    Integrity = 1,

    /// <summary>Every leaf that was logged up to the checkpoint is here.</summary>
    Completeness = 2,

    /// <summary>Neither can be said.</summary>
    Both = Integrity | Completeness,
}

/// <summary>
/// One thing that is wrong with an exported log, named so that a person knows where to look. Indexes count from 0.
/// Holds no value, so a list of defects can be passed on.
/// </summary>
internal abstract record Defect(Aspect Takes)
{
    /// <summary>What is wrong, for a person.</summary>
    public abstract string Sentence { get; }

    public sealed record FileMissing(string Name) : Defect(Aspect.Both)
    {
        public override string Sentence => $"The file {Name} is missing.";
    }

    /// <summary>The file does not end its last line, or holds a line no program of ours writes.</summary>
    public sealed record FileDamaged(string Name) : Defect(Aspect.Both)
    {
        public override string Sentence => $"The file {Name} is damaged: a line is cut off or far too long.";
    }

    public sealed record KeyMalformed : Defect
    {
        public KeyMalformed()
            : base(Aspect.Both)
        {
        }

        public override string Sentence => $"The file {AuditFiles.Key} does not hold one public P-256 key.";
    }

    public sealed record WrongKey(string Pinned, string Found) : Defect(Aspect.Both)
    {
        public override string Sentence => $"The log is signed with another key than the pinned one: {Found}.";
    }

    public sealed record SuccessionsMalformed : Defect
    {
        public SuccessionsMalformed()
            : base(Aspect.Both)
        {
        }

        public override string Sentence => $"The file {AuditFiles.Successions} holds a statement that is not signed by both its keys.";
    }

    /// <summary>The key that signed the log, or one on the way from the pinned one to it.</summary>
    public sealed record KeyGivenUp : Defect
    {
        public KeyGivenUp()
            : base(Aspect.Both)
        {
        }

        public override string Sentence =>
            "A key that vouches for this log was given up as compromised. Take a new export, and pin the key that is published now.";
    }

    public sealed record KeysForked : Defect
    {
        public KeysForked()
            : base(Aspect.Both)
        {
        }

        public override string Sentence => "One key has two successors or two predecessors: somebody made a statement who should not have.";
    }

    public sealed record CheckpointMalformed : Defect
    {
        public CheckpointMalformed()
            : base(Aspect.Both)
        {
        }

        public override string Sentence => $"The file {AuditFiles.Checkpoint} is not a checkpoint of an audit log.";
    }

    public sealed record SignatureBad : Defect
    {
        public SignatureBad()
            : base(Aspect.Both)
        {
        }

        public override string Sentence => "The checkpoint's signature is not good.";
    }

    public sealed record OriginDiffers(string Expected, string Found) : Defect(Aspect.Both)
    {
        public override string Sentence => $"This is another log: expected {Expected}, found {Found}.";
    }

    /// <summary>The end of the log is not here.</summary>
    public sealed record TailCut(long Expected, long Found) : Defect(Aspect.Completeness)
    {
        public override string Sentence => $"The end is cut off: the checkpoint covers {Expected} leaves, {Found} are here.";
    }

    /// <summary>More leaves than were signed for.</summary>
    public sealed record SizeExceeded(long Expected, long Found) : Defect(Aspect.Integrity)
    {
        public override string Sentence => $"The checkpoint covers {Expected} leaves, but {Found} are here.";
    }

    /// <summary>The leaves do not add up, and the list of hashes that would say where does not either.</summary>
    public sealed record RootDiffers : Defect
    {
        public RootDiffers()
            : base(Aspect.Both)
        {
        }

        public override string Sentence => "The leaves do not add up to the signed root.";
    }

    public sealed record HashListDiffers(long Index) : Defect(Aspect.Integrity)
    {
        public override string Sentence =>
            $"The leaves are the signed ones, but {AuditFiles.Hashes} was changed from line {Index + 1} on.";
    }

    public sealed record LeafMalformed(long Index) : Defect(Aspect.Integrity)
    {
        public override string Sentence => $"Line {Index + 1} of {AuditFiles.Leaves} is not a leaf of version 1.";
    }

    public sealed record LeafEdited(long Index) : Defect(Aspect.Integrity)
    {
        public override string Sentence => $"Leaf {Index} was changed after it was logged.";
    }

    public sealed record LeafMissing(long Index) : Defect(Aspect.Completeness)
    {
        public override string Sentence => $"Leaf {Index} is missing.";
    }

    /// <param name="Index">Where the stranger stands in the folder.</param>
    public sealed record LeafExtra(long Index) : Defect(Aspect.Integrity)
    {
        public override string Sentence => $"The leaf on line {Index + 1} was never logged there.";
    }

    /// <param name="Index">Its place in the log.</param>
    /// <param name="FoundAt">Where it stands in the folder.</param>
    public sealed record LeafMoved(long Index, long FoundAt) : Defect(Aspect.Integrity)
    {
        public override string Sentence => $"Leaf {Index} was moved: it stands on line {FoundAt + 1}.";
    }

    public sealed record ValueDiffers(long Index, string Name) : Defect(Aspect.Integrity)
    {
        public override string Sentence => $"The value \"{Name}\" disclosed for leaf {Index} is not the one logged.";
    }

    public sealed record ValuesMalformed(long Line) : Defect(Aspect.Integrity)
    {
        public override string Sentence => $"Line {Line + 1} of {AuditFiles.Values} cannot be read.";
    }

    /// <summary>Values for no leaf, or out of the log's order. Lines after it are not checked.</summary>
    public sealed record ValuesStray(long Line) : Defect(Aspect.Integrity)
    {
        public override string Sentence => $"Line {Line + 1} of {AuditFiles.Values} belongs to no leaf that follows.";
    }

    public sealed record HistoryRewritten(long EarlierSize) : Defect(Aspect.Both)
    {
        public override string Sentence =>
            $"The first {EarlierSize} leaves are not those of the earlier checkpoint: history was rewritten.";
    }

    public sealed record ShorterThanEarlier(long EarlierSize, long Found) : Defect(Aspect.Completeness)
    {
        public override string Sentence =>
            $"An earlier checkpoint covers {EarlierSize} leaves, but only {Found} are here now.";
    }
}
