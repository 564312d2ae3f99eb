using System.Text;
using PracticPro.Audit.Verify;
using PracticPro.Cli;
using PracticPro.Kernel;
using PracticPro.Keys.Destruction;
using PracticPro.Tests.Cli;
using PracticPro.Vault;

namespace PracticPro.Tests.Keys;

/// <summary>
/// What is handed out. The golden files were written by a second implementation (make-certificate-v1.py) and signed by
/// openssl: every later program writes the same text and takes these notes.
/// </summary>
[Trait("Promise", "ENC-4")]
public sealed class CertificateTests
{
    private static readonly DateTimeOffset At = new(2027, 3, 1, 9, 0, 0, TimeSpan.Zero);

    private static CheckpointKey Key => CheckpointKey.TryParse(Golden("certificate-v1.pem"), out var key)
        ? key : throw new InvalidOperationException("The golden key cannot be read.");

    [Theory]
    [InlineData("sealed")]
    [InlineData("final")]
    public void The_text_is_the_golden_one_and_the_golden_note_is_good(string state)
    {
        var golden = Golden($"certificate-v1-{state}.txt");

        Assert.True(CertificateNote.TryParse(golden, out var note));
        Assert.True(note.IsSignedBy(Key));
        Assert.Equal(("t-golden", state, 1), (note.Facts.Tenant, note.Facts.State, note.Facts.Samples));
        Assert.Equal(golden, note.Text);
        Assert.Equal(golden.Split('\n')[1], Encoding.UTF8.GetString(CertificateText.Of(End(state == "final"), BackupTerms.Account)));
    }

    [Fact]
    public void Whatever_is_changed_it_is_not_good_any_more()
    {
        var golden = Golden("certificate-v1-sealed.txt");
        foreach (var at in Enumerable.Range(0, golden.Length))
        {
            var changed = $"{golden[..at]}{(golden[at] == '1' ? '2' : '1')}{golden[(at + 1)..]}";

            Assert.False(CertificateNote.TryParse(changed, out var note) && note.IsSignedBy(Key), $"At {at}.");
        }

        Assert.False(CertificateNote.TryParse(golden + "\n", out _));
        Assert.False(CertificateNote.TryParse(golden[..^1], out _));
        Assert.False(CertificateNote.TryParse("", out _));
    }

    [Fact]
    public void A_state_of_another_certificate_and_another_key_are_not_good()
    {
        var (isSealed, final) = (Golden("certificate-v1-sealed.txt").Split('\n'), Golden("certificate-v1-final.txt").Split('\n'));
        var spliced = string.Join('\n', final[..2].Concat(isSealed[2..]));
        using var strange = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        Assert.True(CheckpointKey.TryParse(strange.ExportSubjectPublicKeyInfoPem(), out var other));

        Assert.True(CertificateNote.TryParse(spliced, out var note));
        Assert.False(note.IsSignedBy(Key));
        Assert.True(CertificateNote.TryParse(string.Join('\n', final), out var good));
        Assert.False(good.IsSignedBy(other));
    }

    [Fact]
    public async Task The_verb_needs_the_file_and_the_public_key_alone()
    {
        using var shell = new Shell();
        var key = Path.Combine(Folder, "certificate-v1.pem");
        var changed = shell.Scratch("changed.txt");
        await File.WriteAllTextAsync(
            changed,
            Golden("certificate-v1-final.txt").Replace("\"documents\":1284", "\"documents\":1", StringComparison.Ordinal),
            TestContext.Current.CancellationToken);

        var good = await shell.CallAsync("", "verify-certificate", Path.Combine(Folder, "certificate-v1-final.txt"), "--key", key);
        var bad = await shell.CallAsync("", "verify-certificate", changed, "--key", key);
        var none = await shell.CallAsync("", "verify-certificate", key, "--key", key);
        var keyless = await shell.CallAsync("", "verify-certificate", changed, "--key", changed);

        Assert.Equal(ExitCodes.Done, good.ExitCode);
        Assert.Contains("final since 2027-05-31T03:20:00Z", good.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Failed, bad.ExitCode);
        Assert.StartsWith("Not good", bad.Output, StringComparison.Ordinal);
        Assert.Equal((ExitCodes.Usage, ExitCodes.Usage), (none.ExitCode, keyless.ExitCode));
        Assert.False(Directory.Exists(shell.DataFolder));
    }

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Keys", "Golden");

    private static string Golden(string name) => File.ReadAllText(Path.Combine(Folder, name));

    private static KeyEnd End(bool isFinal)
    {
        var (first, second) = (KeyVersion.Parse("0123456789abcdef0123456789abcdef"), KeyVersion.Parse("fedcba9876543210fedcba9876543210"));
        return new KeyEnd(
            TenantId.Parse("t-golden"),
            isFinal ? KeyEndState.Final : KeyEndState.Sealed,
            "job:command-line",
            At,
            1284,
            [first, second],
            [
                new WrappedKeyDigest("notes", 1, first, SampleSealed.Sha256("notes"u8)),
                new WrappedKeyDigest("notes", 2, second, SampleSealed.Sha256("notes 2"u8)),
            ],
            [new SampleDigest("note", "note-1", SampleSealed.Sha256("sample"u8))],
            new WitnessKey(second, "witness"u8.ToArray()),
            "tenant-t-golden",
            At.AddSeconds(1),
            At.AddSeconds(33),
            At.AddSeconds(2),
            At.AddSeconds(3),
            At.AddSeconds(2).AddDays(90),
            At.AddSeconds(34),
            At.AddSeconds(2).AddDays(90),
            isFinal ? new DateTimeOffset(2027, 5, 31, 3, 20, 0, TimeSpan.Zero) : null,
            new ShredTry(new DateTimeOffset(2027, 5, 31, 3, 20, 0, TimeSpan.Zero), ShredVerdict.Shredded, "refused", 1));
    }
}
