using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using PracticPro.Kernel;
using PracticPro.Vault;

namespace PracticPro.Benchmarks.Vault;

/// <summary>
/// A file of 8 MiB sealed as a stream and opened again, against AES-256-GCM of the platform over the same frames with one
/// cipher object and counted nonces. Rounds of the two take turns, so that a busy machine slows both.
/// </summary>
internal static class SealedStreamRow
{
    private const int Bytes = 8 << 20;
    private const int WarmRounds = 3;
    private const int Rounds = 21;

    public static BenchRow Row { get; } =
        new("stream-seal-open", "MiB/s, sealed and opened", "the platform's AES-GCM", 0.4, MeasureAsync);

    private static async Task<BenchResult> MeasureAsync(CancellationToken cancellation)
    {
        var content = RandomNumberGenerator.GetBytes(Bytes);
        var output = new byte[SealedStreamFormat.SealedLength(Bytes)];
        var opened = new byte[Bytes];
        var keys = new TenantKeys(
            TenantId.Parse("test-a"),
            PurposeWords.All.Select(purpose => (purpose, new DataKey(1, SecretBytes.Random(DataKey.Bytes)))),
            SecretBytes.Random(DataKey.Bytes),
            TimeProvider.System,
            TimeSpan.FromHours(1));
        using var cipher = new AesGcm(RandomNumberGenerator.GetBytes(32), SealedFormat.TagBytes);
        var figures = new List<(double Ours, double Baseline)>();
        for (var round = 0; round < WarmRounds + Rounds; round++)
        {
            var from = Stopwatch.GetTimestamp();
            await OursAsync(keys, content, output, opened, cancellation);
            var ours = Stopwatch.GetElapsedTime(from).TotalSeconds;
            from = Stopwatch.GetTimestamp();
            Baseline(cipher, content, output, opened);
            var baseline = Stopwatch.GetElapsedTime(from).TotalSeconds;
            if (round >= WarmRounds)
            {
                figures.Add((ours, baseline));
            }
        }

        var speed = (Bytes >> 20) / Median(figures.Select(static figure => figure.Baseline));
        return new BenchResult(speed * Median(figures.Select(static figure => figure.Baseline / figure.Ours)), speed);
    }

    private static async Task OursAsync(
        TenantKeys keys, byte[] content, byte[] output, byte[] opened, CancellationToken cancellation)
    {
        var place = new SealContext("file", "file-1", "content", 1);
        using var plain = new MemoryStream(content, writable: false);
        await using (var sealing = SealedStreams.Seal(keys, Purpose.Export, place, plain))
        {
            await sealing.ReadExactlyAsync(output, cancellation);
        }

        var value = await SealedStreams.OpenAsync(
            keys, Purpose.Export, place, new MemoryStream(output, writable: false), cancellation);
        await using var opening = value.Expect();
        await opening.ReadExactlyAsync(opened, cancellation);
    }

    private static void Baseline(AesGcm cipher, byte[] content, byte[] output, byte[] opened)
    {
        const int Frame = SealedStreamFormat.FrameBytes;
        const int Tag = SealedFormat.TagBytes;
        Span<byte> nonce = stackalloc byte[12];
        for (var at = 0; at < content.Length / Frame; at++)
        {
            BinaryPrimitives.WriteInt32BigEndian(nonce, at);
            var frame = output.AsSpan(at * (Frame + Tag), Frame + Tag);
            cipher.Encrypt(nonce, content.AsSpan(at * Frame, Frame), frame[..Frame], frame[Frame..]);
        }

        for (var at = 0; at < content.Length / Frame; at++)
        {
            BinaryPrimitives.WriteInt32BigEndian(nonce, at);
            var frame = output.AsSpan(at * (Frame + Tag), Frame + Tag);
            cipher.Decrypt(nonce, frame[..Frame], frame[Frame..], opened.AsSpan(at * Frame, Frame));
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] ordered = [.. values.Order()];
        return ordered[ordered.Length / 2];
    }
}
