using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using PracticPro.Audit;
using PracticPro.Audit.Verify;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Storage.Drivers.Sqlite;
using PracticPro.Vault;

namespace PracticPro.Benchmarks.Audit;

/// <summary>How many a second, of ours and of the baseline, and how they compare.</summary>
/// <param name="Baseline">Zero where there is none: verifying is held against a number, not against other code.</param>
/// <param name="Ratio">Median over rounds of ours / baseline in the same round; for verifying, of the floor.</param>
internal sealed record AuditFigure(string Row, double Ours, double Baseline, double Ratio);

/// <summary>
/// Appending one leaf a write to a practice's log on disk, against SHA-256 of the same bytes and one insert into a bare
/// SQLite file that is as durable (WAL, synchronous FULL, one transaction a row). One after another, and sixteen at
/// once against the same baseline, which has only one connection to write with. Rounds take turns.
/// Verifying: a whole exported folder on disk, one leaf in three with a disclosed value, all on one thread.
/// </summary>
internal static class AuditRow
{
    private const int AppendRounds = 9;
    private const int AppendsARound = 200;
    private const int InFlight = 16;
    private const int VerifyRounds = 5;
    private const int VerifiedLeaves = 400_000;
    private const double VerifyFloor = 200_000;

    public static IReadOnlyList<AuditFigure> Measure()
    {
        var scratch = Directory.CreateTempSubdirectory("practicpro-bench-audit-");
        try
        {
            return [.. Appends(scratch.FullName), Verify(scratch.FullName)];
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    private static List<AuditFigure> Appends(string folder)
    {
        var disk = SqliteStorage.Open(new() { Folder = Path.Combine(folder, "data") }, TimeProvider.System);
        try
        {
            var storage = disk.For(TenantId.Parse("test-a"));
            var trail = new AuditTrail(storage, Keys(), TimeProvider.System);
            using var bare = Bare(Path.Combine(folder, "bare.db"));
            var single = new List<(double Ours, double Baseline)>();
            var many = new List<(double Ours, double Baseline)>();
            for (var round = 0; round <= AppendRounds; round++)
            {
                var baseline = Rate(AppendsARound, () => Insert(bare, trail));
                var alone = Rate(AppendsARound, () => AppendAsync(storage, trail, 1).GetAwaiter().GetResult());
                var together = Rate(AppendsARound, () => AppendAsync(storage, trail, InFlight).GetAwaiter().GetResult());

                // The first round is for the just-in-time compiler.
                if (round > 0)
                {
                    single.Add((alone, baseline));
                    many.Add((together, baseline));
                }
            }

            return [Figure("audit-append", single), Figure("audit-append-16", many)];
        }
        finally
        {
            disk.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private static AuditFigure Verify(string scratch)
    {
        var folder = Directory.CreateDirectory(Path.Combine(scratch, "export")).FullName;
        using var signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var pin = Write(folder, signer);
        var rates = new List<double>();
        for (var round = 0; round < VerifyRounds; round++)
        {
            rates.Add(Rate(VerifiedLeaves, () =>
            {
                var verdict = AuditFolderVerifier.Verify(
                    AuditFolderVerifier.OfFolder(folder), new AuditExpectations(pin), CancellationToken.None);
                if (!verdict.IsWhole || verdict.Leaves != VerifiedLeaves)
                {
                    throw new InvalidOperationException("The folder that is measured does not verify.");
                }
            }));
        }

        return new AuditFigure("audit-verify", Median(rates), 0, Median(rates) / VerifyFloor);
    }

    private static async Task AppendAsync(ITenantStorage storage, AuditTrail trail, int inFlight)
    {
        await Parallel.ForAsync(
            0,
            AppendsARound,
            new ParallelOptions { MaxDegreeOfParallelism = inFlight },
            async (_, cancellation) => await storage.Documents.CommitAsync(new Batch(trail.Compose(Entry)), cancellation));
    }

    private static AuditEntry Entry => new(new Actor.Job("mail-sync"), AuditAct.MailSynced)
    {
        Subjects = [new("connection", "connection-01k5s3v8e0abcdefghjkmnpqrs")],
        Counts = [new("messages", 50)],
    };

    // The bytes are composed once, outside: the baseline is a hash and an insert, nothing else.
    private static void Insert(SqliteConnection bare, AuditTrail trail)
    {
        var leaf = trail.Compose(Entry).OfType<Operation.Append>().Single().Entry.ToArray();
        using var insert = bare.CreateCommand();
        insert.CommandText = "INSERT INTO entry (leaf, hash) VALUES ($leaf, $hash)";
        var (bytes, hash) = (insert.Parameters.Add("$leaf", SqliteType.Blob), insert.Parameters.Add("$hash", SqliteType.Blob));
        for (var at = 0; at < AppendsARound; at++)
        {
            bytes.Value = leaf;
            hash.Value = SHA256.HashData(leaf);
            insert.ExecuteNonQuery();
        }
    }

    private static SqliteConnection Bare(string path)
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var setUp = connection.CreateCommand();
        setUp.CommandText = """
            PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON;
            CREATE TABLE entry (position INTEGER PRIMARY KEY, leaf BLOB NOT NULL, hash BLOB NOT NULL) STRICT;
            """;
        setUp.ExecuteNonQuery();
        return connection;
    }

    private static string Write(string folder, ECDsa signer)
    {
        var range = new CompactRange();
        using (var leaves = File.Create(Path.Combine(folder, AuditFiles.Leaves)))
        using (var hashes = File.Create(Path.Combine(folder, AuditFiles.Hashes)))
        using (var values = File.Create(Path.Combine(folder, AuditFiles.Values)))
        {
            for (var index = 0; index < VerifiedLeaves; index++)
            {
                var (leaf, value) = LeafOf(index);
                var bytes = leaf.ToUtf8();
                range.Append(MerkleTree.Leaf(bytes));
                leaves.Write([.. bytes, (byte)'\n']);
                hashes.Write(Encoding.ASCII.GetBytes($"{MerkleTree.Leaf(bytes)}\n"));
                values.Write(value is null ? [] : [.. new DisclosedValues(leaf.Id, [new("recipient", value)]).ToUtf8(), (byte)'\n']);
            }
        }

        var checkpoint = new Checkpoint(Checkpoint.OriginPrefix + "test-a", range.Size, range.Root());
        var key = CheckpointKey.TryParse(signer.ExportSubjectPublicKeyInfoPem(), out var parsed)
            ? parsed
            : throw new InvalidOperationException("No key.");
        var note = CheckpointNote.Of(
            checkpoint, key, signer.SignData(Encoding.UTF8.GetBytes(checkpoint.Text), HashAlgorithmName.SHA256));
        File.WriteAllText(Path.Combine(folder, AuditFiles.Checkpoint), note.Text);
        File.WriteAllText(Path.Combine(folder, AuditFiles.Key), key.Pem);
        return key.KeyId;
    }

    private static (AuditLeaf Leaf, DisclosedValue? Value) LeafOf(int index)
    {
        var value = index % 3 == 0
            ? new DisclosedValue($"person-{index}@example.org", [.. SHA256.HashData(BitConverter.GetBytes(index))])
            : null;
        return (
            new AuditLeaf(
                IdText.FromBytes("leaf", SHA256.HashData(BitConverter.GetBytes(index)).AsSpan(0, 16)),
                1_790_000_000_000 + index,
                "job:mail-sync",
                value is null ? "mail-synced" : "mail-sent",
                [new("connection", "connection-01k5s3v8e0abcdefghjkmnpqrs")],
                [new("messages", index % 50)],
                ["AUD-2"],
                value is null ? [] : [new("recipient", ValueCommitment.Of(value.Salt.AsSpan(), "recipient", value.Value))]),
            value);
    }

    private static TenantKeys Keys() => new(
        TenantId.Parse("test-a"),
        PurposeWords.All.Select(purpose => (purpose, new DataKey(1, SecretBytes.Random(DataKey.Bytes)))),
        SecretBytes.Random(DataKey.Bytes),
        TimeProvider.System,
        TimeSpan.FromHours(1));

    private static double Rate(int items, Action work)
    {
        var start = Stopwatch.GetTimestamp();
        work();
        return items / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static AuditFigure Figure(string row, List<(double Ours, double Baseline)> rounds) => new(
        row,
        Median(rounds.Select(round => round.Ours)),
        Median(rounds.Select(round => round.Baseline)),
        Median(rounds.Select(round => round.Ours / round.Baseline)));

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
