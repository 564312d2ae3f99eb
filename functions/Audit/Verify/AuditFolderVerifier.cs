using System.Text;

namespace PracticPro.Audit.Verify;

/// <summary>
/// Derives everything in an exported log again and says what does not fit. Needs the folder and the pinned key, no
/// network, no server, no code of the program that wrote it. Reads every file once, in a stream; only when something
/// is wrong are the hashes read a second time to say where, which then takes about 200 bytes a leaf.
/// Does not say that what was logged is true, nor that the log is the newest.
/// </summary>
internal sealed class AuditFolderVerifier
{
    private readonly OpenAuditFile open;
    private readonly AuditExpectations expected;
    private readonly DefectList defects = new();

    private AuditFolderVerifier(OpenAuditFile open, AuditExpectations expected)
    {
        this.open = open;
        this.expected = expected;
    }

    public static AuditVerdict Verify(
        OpenAuditFile open, AuditExpectations expected, CancellationToken cancellation) =>
        new AuditFolderVerifier(open, expected).Run(cancellation);

    public static OpenAuditFile OfFolder(string folder) => name =>
    {
        var path = Path.Combine(folder, name);
        return File.Exists(path) ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1) : null;
    };

    private AuditVerdict Run(CancellationToken cancellation)
    {
        var key = ReadKey();
        var note = ReadCheckpoint();
        var standing = note is null || key is null ? KeyStanding.Unknown : CheckSignature(note, key);
        var pass = new LeafPass(open, defects, expected.Earlier?.Checkpoint);
        pass.Run(cancellation);
        if (note is not null)
        {
            CompareWithCheckpoint(note.Checkpoint, pass);
            CompareWithEarlier(note.Checkpoint, pass);
        }

        return new AuditVerdict(
            note?.Checkpoint.Origin,
            pass.Leaves,
            !defects.Taken.HasFlag(Aspect.Integrity),
            !defects.Taken.HasFlag(Aspect.Completeness),
            standing,
            key?.KeyId,
            defects.Kept,
            defects.Further,
            pass.CommittedValues,
            pass.DisclosedValues);
    }

    private CheckpointKey? ReadKey()
    {
        if (ReadSmall(AuditFiles.Key) is not { } pem)
        {
            return null;
        }

        if (CheckpointKey.TryParse(pem, out var key) && key.Pem == pem)
        {
            return key;
        }

        defects.Add(new Defect.KeyMalformed());
        return null;
    }

    private CheckpointNote? ReadCheckpoint()
    {
        if (ReadSmall(AuditFiles.Checkpoint) is not { } text)
        {
            return null;
        }

        if (CheckpointNote.TryParse(text, out var note))
        {
            return note;
        }

        defects.Add(new Defect.CheckpointMalformed());
        return null;
    }

    private KeyStanding CheckSignature(CheckpointNote note, CheckpointKey key)
    {
        var origin = note.Checkpoint.Origin;
        if (expected.Origin is { } wanted && wanted != origin)
        {
            defects.Add(new Defect.OriginDiffers(wanted, origin));
        }

        if (!note.IsSignedBy(key))
        {
            defects.Add(new Defect.SignatureBad());
            return KeyStanding.Unknown;
        }

        var lineage = ReadLineage();
        if (expected.PinnedKeyId is not { } pinned)
        {
            return KeyStanding.NotPinned;
        }

        switch (lineage.Relate(pinned, key))
        {
            case KeyRelation.Same:
                return KeyStanding.Pinned;
            case KeyRelation.Successor or KeyRelation.Predecessor:
                return KeyStanding.PinnedBySuccession;
            case KeyRelation.SignerGivenUp or KeyRelation.WayGivenUp:
                defects.Add(new Defect.KeyGivenUp());
                break;
            case KeyRelation.Forked:
                defects.Add(new Defect.KeysForked());
                break;
            default:
                defects.Add(new Defect.WrongKey(pinned, key.KeyId));
                break;
        }

        return KeyStanding.NotPinned;
    }

    /// <summary>The statements in the folder and those the caller knows. They are optional; a bad one is a defect.</summary>
    private KeyLineage ReadLineage()
    {
        var known = expected.Successions ?? [];
        using var stream = open(AuditFiles.Successions);
        if (stream is null)
        {
            return new KeyLineage(known);
        }

        if (SuccessionNote.TryParseAll(ReadText(stream, SuccessionNote.MaximumFileLength), out var found))
        {
            return new KeyLineage([.. found, .. known]);
        }

        defects.Add(new Defect.SuccessionsMalformed());
        return new KeyLineage(known);
    }

    private void CompareWithCheckpoint(Checkpoint signed, LeafPass pass)
    {
        if (pass.Root == signed.Root && pass.Leaves == signed.Size)
        {
            if (pass.FirstHashThatDiffers is { } index)
            {
                defects.Add(new Defect.HashListDiffers(index));
            }

            return;
        }

        if (LeafComparison.TryLocate(open, signed, defects))
        {
            return;
        }

        defects.Add(new Defect.RootDiffers());
        if (pass.Leaves != signed.Size)
        {
            defects.Add(pass.Leaves < signed.Size
                ? new Defect.TailCut(signed.Size, pass.Leaves)
                : new Defect.SizeExceeded(signed.Size, pass.Leaves));
        }
    }

    // The earlier checkpoint is trusted because the caller kept it; that it is of the same log is checked here.
    private void CompareWithEarlier(Checkpoint signed, LeafPass pass)
    {
        if (expected.Earlier is not { Checkpoint: var earlier })
        {
            return;
        }

        if (earlier.Origin != signed.Origin)
        {
            defects.Add(new Defect.OriginDiffers(earlier.Origin, signed.Origin));
        }
        else if (pass.Leaves < earlier.Size)
        {
            defects.Add(new Defect.ShorterThanEarlier(earlier.Size, pass.Leaves));
        }
        else if (pass.RootAtEarlierSize != earlier.Root)
        {
            defects.Add(new Defect.HistoryRewritten(earlier.Size));
        }
    }

    // Small files are read whole, with a bound: nothing that is handed in decides how much memory is taken.
    private string? ReadSmall(string name)
    {
        using var stream = open(name);
        if (stream is null)
        {
            defects.Add(new Defect.FileMissing(name));
            return null;
        }

        return ReadText(stream, CheckpointNote.MaximumLength);
    }

    private static string ReadText(Stream stream, int most)
    {
        var bytes = new byte[most + 1];
        var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);

        // Latin-1 would let any byte pass as a character. What is not UTF-8 turns into U+FFFD and then fits nothing.
        return Encoding.UTF8.GetString(bytes, 0, length);
    }
}
