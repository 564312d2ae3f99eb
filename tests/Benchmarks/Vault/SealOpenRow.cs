using System.Diagnostics;
using System.Security.Cryptography;
using PracticPro.Kernel;
using PracticPro.Vault;

namespace PracticPro.Benchmarks.Vault;

/// <summary>
/// Microseconds for one seal and one open, of ours and of the platform's bare AES-GCM, and how they compare.
/// </summary>
/// <param name="Ratio">Median over rounds of baseline / ours in the same round: 1 is as fast as the baseline.</param>
internal sealed record SealOpenFigure(string Row, int Bytes, double Ours, double Baseline, double Ratio);

/// <summary>
/// Seal + open through <see cref="TenantKeys"/>, against AES-256-GCM of the platform with one cipher object used again
/// and again, a fresh random nonce a message and new output arrays of the same kind as ours. Rounds of the two take
/// turns, so that a busy machine slows both.
/// </summary>
internal static class SealOpenRow
{
    private const int WarmRounds = 20;
    private const int Rounds = 81;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    public static IReadOnlyList<SealOpenFigure> Measure() =>
        [Measure("seal-open-1k", 1024, 1500), Measure("seal-open-64k", 65536, 200)];

    private static SealOpenFigure Measure(string row, int bytes, int messages)
    {
        var keys = Keys();
        var context = new SealContext("note", "note-01jd7v0000000000000000000", "text", 1);
        var content = RandomNumberGenerator.GetBytes(bytes);
        using var cipher = new AesGcm(RandomNumberGenerator.GetBytes(32), TagBytes);
        var figures = new List<(double Ours, double Baseline)>();
        for (var round = 0; round < WarmRounds + Rounds; round++)
        {
            var ours = Time(messages, () => Ours(keys, context, content));
            var baseline = Time(messages, () => Baseline(cipher, content));
            if (round >= WarmRounds)
            {
                figures.Add((ours, baseline));
            }
        }

        return new SealOpenFigure(
            row,
            bytes,
            Median(figures.Select(figure => figure.Ours)),
            Median(figures.Select(figure => figure.Baseline)),
            Median(figures.Select(figure => figure.Baseline / figure.Ours)));
    }

    private static TenantKeys Keys() =>
        new(
            TenantId.Parse("test-a"),
            PurposeWords.All.Select(purpose => (purpose, new DataKey(1, SecretBytes.Random(DataKey.Bytes)))),
            SecretBytes.Random(DataKey.Bytes),
            TimeProvider.System,
            TimeSpan.FromHours(1));

    private static int Ours(TenantKeys keys, SealContext context, byte[] content)
    {
        var value = keys.Seal(Purpose.Notes, context, content);
        return keys.Open(Purpose.Notes, context, value).Expect().Length;
    }

    private static int Baseline(AesGcm cipher, byte[] content)
    {
        var length = content.Length;
        var value = GC.AllocateUninitializedArray<byte>(NonceBytes + length + TagBytes);
        RandomNumberGenerator.Fill(value.AsSpan(0, NonceBytes));
        cipher.Encrypt(
            value.AsSpan(0, NonceBytes),
            content,
            value.AsSpan(NonceBytes, length),
            value.AsSpan(NonceBytes + length));

        var plain = GC.AllocateUninitializedArray<byte>(length);
        cipher.Decrypt(
            value.AsSpan(0, NonceBytes),
            value.AsSpan(NonceBytes, length),
            value.AsSpan(NonceBytes + length),
            plain);
        return plain.Length;
    }

    private static double Time(int messages, Func<int> work)
    {
        var from = Stopwatch.GetTimestamp();
        var opened = 0;
        for (var at = 0; at < messages; at++)
        {
            opened |= work();
        }

        var elapsed = Stopwatch.GetElapsedTime(from).TotalMicroseconds / messages;
        return opened > 0 ? elapsed : throw new InvalidOperationException("Nothing was opened.");
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] ordered = [.. values.Order()];
        return ordered[ordered.Length / 2];
    }
}
