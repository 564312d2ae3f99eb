namespace PracticPro.Audit.Verify;

/// <summary>
/// Disclosed values, read in step with the leaves: the next line waits until its leaf comes by. A line whose leaf never
/// comes is told once, at the end; what stands after it was not checked and is not counted.
/// </summary>
internal sealed class ValuesInOrder : IDisposable
{
    private readonly DefectList defects;
    private DisclosedValues? next;
    private long line = -1;

    public ValuesInOrder(Stream stream, DefectList defects)
    {
        this.defects = defects;
        Lines = new LineReader(stream);
        Advance();
    }

    public LineReader Lines { get; }

    /// <summary>How many values disclosed for this leaf are the ones it commits to.</summary>
    public int Check(long index, AuditLeaf leaf)
    {
        if (next?.Leaf != leaf.Id)
        {
            return 0;
        }

        var right = 0;
        foreach (var (name, disclosed) in next.Values)
        {
            if (Opens(leaf, name, disclosed))
            {
                right++;
            }
            else
            {
                defects.Add(new Defect.ValueDiffers(index, name));
            }
        }

        Advance();
        return right;
    }

    public void End()
    {
        if (next is not null)
        {
            defects.Add(new Defect.ValuesStray(line));
        }
    }

    public void Dispose() => Lines.Dispose();

    private static bool Opens(AuditLeaf leaf, string name, DisclosedValue disclosed)
    {
        foreach (var commitment in leaf.Commitments)
        {
            if (commitment.Name == name)
            {
                return commitment.Value == ValueCommitment.Of(disclosed.Salt.AsSpan(), name, disclosed.Value);
            }
        }

        return false;
    }

    private void Advance()
    {
        next = null;
        while (next is null && Lines.TryNext(out var bytes))
        {
            line++;
            if (DisclosedValues.TryRead(bytes, out var read))
            {
                next = read;
            }
            else
            {
                defects.Add(new Defect.ValuesMalformed(line));
            }
        }
    }
}
