using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using PracticPro.Audit.Verify;

namespace PracticPro.Tests.Audit.Verify;

/// <summary>Random logs, random damage: nothing that changes what a log says may pass.</summary>
[Trait("Promise", "AUD-1")]
public sealed class AnyEditIsFoundTests : IDisposable
{
    private const int Runs = 300;
    private readonly ECDsa signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private enum Damage
    {
        ChangeByte,
        InsertByte,
        RemoveByte,
        Truncate,
        RemoveLine,
        RepeatLine,
        SwapLines,
    }

    public void Dispose() => signer.Dispose();

    [Theory]
    [InlineData(AuditFiles.Leaves)]
    [InlineData(AuditFiles.Hashes)]
    [InlineData(AuditFiles.Checkpoint)]
    [InlineData(AuditFiles.Key)]
    public void Any_single_change_of_a_file_is_found(string file) => Check(file, verdict => !verdict.IsWhole);

    // A line of values that is not there is what erasure leaves behind, so it shows in the count and not as a defect.
    [Fact]
    public void Any_single_change_of_disclosed_values_is_found_or_discloses_less() => Check(
        AuditFiles.Values,
        verdict => !verdict.IsWhole || verdict.DisclosedValues < verdict.CommittedValues);

    private void Check(string file, Func<AuditVerdict, bool> isFound)
    {
        var cases =
            from leaves in Gen.Choose(1, 40)
            from seed in Gen.Choose(0, 1_000_000)
            from damage in Gen.Elements(Enum.GetValues<Damage>())
            from first in Gen.Choose(0, 1_000_000)
            from second in Gen.Choose(0, 1_000_000)
            select (leaves, seed, damage, first, second);
        var property = Prop.ForAll(cases.ToArbitrary(), it =>
        {
            var folder = ExportedFolder.Of(it.leaves, signer, it.seed);
            var before = folder[file];
            folder[file] = Damaged(before, it.damage, it.first, it.second);
            return folder[file].SequenceEqual(before) || isFound(folder.Verify(signer));
        });
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(Runs), property);
    }

    private static byte[] Damaged(byte[] file, Damage damage, int first, int second)
    {
        var at = first % file.Length;
        var other = (byte)(second % 256);
        return damage switch
        {
            Damage.ChangeByte => [.. file[..at], other, .. file[(at + 1)..]],
            Damage.InsertByte => [.. file[..at], other, .. file[at..]],
            Damage.RemoveByte => [.. file[..at], .. file[(at + 1)..]],
            Damage.Truncate => file[..at],
            _ => DamagedLines(file, damage, first, second),
        };
    }

    private static byte[] DamagedLines(byte[] file, Damage damage, int first, int second)
    {
        var lines = System.Text.Encoding.UTF8.GetString(file)[..^1].Split('\n').ToList();
        var (one, two) = (first % lines.Count, second % lines.Count);
        switch (damage)
        {
            case Damage.RemoveLine:
                lines.RemoveAt(one);
                break;
            case Damage.RepeatLine:
                lines.Insert(two, lines[one]);
                break;
            default:
                (lines[one], lines[two]) = (lines[two], lines[one]);
                break;
        }

        return ExportedFolder.Lines(lines.Select(System.Text.Encoding.UTF8.GetBytes));
    }
}
