using System.Text.Json;
using PracticPro.Audit.Verify;
using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Audit;

/// <summary>
/// What is kept between two checkpoints, so that the next one reads only the leaves since: the last note, the compact
/// range at its size, and the last leaf's hash. Plain: hashes and a tenant's id, nothing personal.
/// Never trusted as it is: the range must add up to the root that was signed.
/// </summary>
internal sealed record CheckpointState(CheckpointNote Note, CompactRange Range, TreeHash? LastLeaf)
{
    public static readonly DocumentKey Key = DocumentKind.Of("audit-checkpoint").Key("newest");

    /// <summary>Before the first checkpoint, or when what was kept is gone: everything is hashed again.</summary>
    public static CompactRange Beginning => new();

    public Document ToDocument() => new(Key, JsonSerializer.SerializeToUtf8Bytes(
        new Stored(1, Note.Text, [.. Range.Subtrees.Select(hash => hash.ToBase64())], LastLeaf?.ToBase64()),
        JsonShapes.Stored));

    public static CheckpointState Read(Document document)
    {
        Stored? stored;
        try
        {
            stored = JsonSerializer.Deserialize<Stored>(document.Body.Span, JsonShapes.Stored);
        }
        catch (JsonException)
        {
            stored = null;
        }

        if (stored is not { V: 1 } || !CheckpointNote.TryParse(stored.Note, out var note)
            || (stored.LastLeaf is null) != (note.Checkpoint.Size == 0)
            || stored.Subtrees.Length != System.Numerics.BitOperations.PopCount((ulong)note.Checkpoint.Size))
        {
            throw Altered();
        }

        var range = new CompactRange(note.Checkpoint.Size, stored.Subtrees.Select(Hash));
        return range.Root() == note.Checkpoint.Root
            ? new CheckpointState(note, range, stored.LastLeaf is { } last ? Hash(last) : null)
            : throw Altered();
    }

    private static TreeHash Hash(string text) => TreeHash.TryParseBase64(text, out var hash) ? hash : throw Altered();

    private static AuditLogAlteredException Altered() => new("what is kept of the last checkpoint does not add up");

    private sealed record Stored(int V, string Note, string[] Subtrees, string? LastLeaf);
}
