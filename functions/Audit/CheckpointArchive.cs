using System.Globalization;
using System.Text;
using PracticPro.Audit.Verify;
using PracticPro.Storage;

namespace PracticPro.Audit;

/// <summary>
/// Every note ever signed, one blob each, named by its size (and, where another key had signed that size before, by the key),
/// written once: blobs do not change, and where the container
/// is immutable not even we can take one out. This is what a log that was put back to an older copy is held against.
/// </summary>
internal sealed class CheckpointArchive(IBlobs blobs)
{
    private const string Prefix = "audit/checkpoints/";

    /// <summary>The note over the most leaves, or null.</summary>
    public async ValueTask<CheckpointNote?> FindNewestAsync(CancellationToken cancellation)
    {
        // Names are of one length, so the last in ordinal order is the largest size.
        BlobName? newest = null;
        await foreach (var name in blobs.ListAsync(Prefix, cancellation))
        {
            newest = name;
        }

        return newest is { } found ? await ReadAsync(found, cancellation) : null;
    }

    /// <summary>Keeps the note and returns it; or returns the one that was kept for that size before.</summary>
    public ValueTask<CheckpointNote> KeepAsync(CheckpointNote note, CancellationToken cancellation) =>
        KeepAsync(note, "", cancellation);

    /// <summary>The same beside a note an earlier key signed for that size; from then on it is the newest.</summary>
    public ValueTask<CheckpointNote> KeepAnewAsync(CheckpointNote note, CheckpointKey key, CancellationToken cancellation) =>
        KeepAsync(note, $".{key.KeyId}", cancellation);

    private async ValueTask<CheckpointNote> KeepAsync(CheckpointNote note, string suffix, CancellationToken cancellation)
    {
        var name = new BlobName($"{Prefix}{note.Checkpoint.Size.ToString("D19", CultureInfo.InvariantCulture)}{suffix}");
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(note.Text));
        return await blobs.WriteAsync(name, content, cancellation) ? note : await ReadAsync(name, cancellation);
    }

    private async ValueTask<CheckpointNote> ReadAsync(BlobName name, CancellationToken cancellation)
    {
        await using var stream = await blobs.OpenReadAsync(name, cancellation);
        if (stream is not null)
        {
            using var reader = new StreamReader(stream, new UTF8Encoding(false));
            if (CheckpointNote.TryParse(await reader.ReadToEndAsync(cancellation), out var note))
            {
                return note;
            }
        }

        throw new AuditLogAlteredException("a kept checkpoint is gone or cannot be read");
    }
}
