using System.Text;
using PracticPro.Audit.Verify;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Audit;

/// <summary>Whether an export holds the personal values that are still there.</summary>
internal enum AuditDisclosure
{
    LeavesOnly,
    WithValues,
}

/// <param name="Folder">Where it lies.</param>
/// <param name="Note">The checkpoint it ends with.</param>
/// <param name="Disclosed">Leaves whose values are in it.</param>
/// <param name="Unreadable">Leaves whose values are stored and do not open. They are left out; the log goes out.</param>
internal sealed record AuditExport(string Folder, CheckpointNote Note, long Disclosed, long Unreadable);

/// <summary>
/// Writes the whole log into a folder that can be verified by anybody who knows the public key
/// (<see cref="AuditFiles"/> draws it). The export logs itself first, so it is the last thing in it. All leaves are
/// hashed on the way and must add up to the checkpoint: a store that was tampered with is not exported as good.
/// The folder appears whole or not at all. With values it holds personal data in the clear: hand it to the owner.
/// </summary>
internal sealed class ExportAuditLog(
    ITenantStorage storage, TenantKeys keys, ICheckpointSigner signer, TimeProvider time)
{
    private readonly AuditTrail trail = new(storage, keys, time);

    /// <exception cref="AuditLogRolledBackException">The log is shorter than what was signed.</exception>
    /// <exception cref="AuditLogAlteredException">The stored log is not what was signed.</exception>
    public async ValueTask<Outcome<AuditExport>> ExecuteAsync(
        string folder, Actor actor, AuditDisclosure disclosure, CancellationToken cancellation)
    {
        if (Directory.Exists(folder) || File.Exists(folder))
        {
            return new AuditFailures.FolderTaken();
        }

        await LogAsync(actor, disclosure, cancellation);
        var chain = await signer.CurrentAsync(cancellation);
        var note = await new TakeCheckpoint(storage, signer).ExecuteAsync(chain, cancellation);
        var part = $"{Path.TrimEndingDirectorySeparator(folder)}.{LeafId.New(time)}.part";
        CreatePrivate(part);
        try
        {
            var export = await WriteLogAsync(part, new AuditExport(folder, note, 0, 0), disclosure, cancellation);
            await WriteNoteAsync(part, note, chain, disclosure, cancellation);
            Directory.Move(part, folder);
            return export;
        }
        catch
        {
            Directory.Delete(part, recursive: true);
            throw;
        }
    }

    private async ValueTask LogAsync(Actor actor, AuditDisclosure disclosure, CancellationToken cancellation)
    {
        var entry = new AuditEntry(actor, AuditAct.AuditExported)
        {
            Subjects = [new("disclosure", disclosure == AuditDisclosure.WithValues ? "with-values" : "leaves-only")],
        };
        await storage.Documents.CommitAsync(new Batch(trail.Compose(entry)), cancellation);
    }

    private async ValueTask<AuditExport> WriteLogAsync(
        string part, AuditExport export, AuditDisclosure disclosure, CancellationToken cancellation)
    {
        await using var leaves = Create(part, AuditFiles.Leaves);
        await using var hashes = Create(part, AuditFiles.Hashes);
        await using var values = disclosure == AuditDisclosure.WithValues ? Create(part, AuditFiles.Values) : null;
        var range = new CompactRange();
        var signed = export.Note.Checkpoint;
        await foreach (var entry in storage.Logs.LeavesAsync(0, signed.Size, cancellation))
        {
            var hash = MerkleTree.Leaf(entry.Span);
            range.Append(hash);
            WriteLine(leaves, entry.Span);
            WriteLine(hashes, Encoding.ASCII.GetBytes(hash.ToString()));
            if (values is not null && await DiscloseAsync(entry, cancellation) is { } open)
            {
                export = Write(values, open, export);
            }
        }

        return range.Size == signed.Size && range.Root() == signed.Root
            ? export
            : throw new AuditLogAlteredException("the leaves do not add up to the root that was signed");
    }

    private static AuditExport Write(Stream values, Outcome<DisclosedValues> open, AuditExport export)
    {
        if (!open.Try(out var disclosed, out _))
        {
            return export with { Unreadable = export.Unreadable + 1 };
        }

        WriteLine(values, disclosed.ToUtf8());
        return export with { Disclosed = export.Disclosed + 1 };
    }

    private async ValueTask<Outcome<DisclosedValues>?> DiscloseAsync(
        ReadOnlyMemory<byte> entry, CancellationToken cancellation) =>
        AuditLeafReader.TryRead(entry.Span, out var leaf)
            ? await trail.DiscloseAsync(leaf, cancellation)
            : throw new AuditLogAlteredException("a stored leaf cannot be read");

    private static async ValueTask WriteNoteAsync(
        string part, CheckpointNote note, SigningChain chain, AuditDisclosure disclosure, CancellationToken cancellation)
    {
        var key = TakeCheckpoint.KeyOf(chain.Signer);
        var readMe = AuditReadMe.For(note.Checkpoint, key, disclosure, hasSuccessions: !chain.Statements.IsEmpty);
        await File.WriteAllTextAsync(Path.Combine(part, AuditFiles.Checkpoint), note.Text, cancellation);
        await File.WriteAllTextAsync(Path.Combine(part, AuditFiles.Key), key.Pem, cancellation);
        if (!chain.Statements.IsEmpty)
        {
            var successions = string.Concat(chain.Statements);
            await File.WriteAllTextAsync(Path.Combine(part, AuditFiles.Successions), successions, cancellation);
        }

        await File.WriteAllTextAsync(Path.Combine(part, AuditFiles.ReadMe), readMe, cancellation);
    }

    // For the owner of the process only, from the first moment: values may lie in it in the clear.
    private static void CreatePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
            Directory.CreateDirectory(path, owner);
        }
    }

    private static BufferedStream Create(string part, string name) =>
        new(new FileStream(Path.Combine(part, name), FileMode.CreateNew, FileAccess.Write), 128 * 1024);

    private static void WriteLine(Stream stream, ReadOnlySpan<byte> line)
    {
        stream.Write(line);
        stream.WriteByte((byte)'\n');
    }
}
