using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PracticPro.Kernel;

namespace PracticPro.Sync.Streams.Journal;

/// <summary>
/// Everything that one step understood its page from, so that it can be understood again: a step that a crash cut short is
/// finished from it, and a replay begins with it.
/// </summary>
/// <param name="Before">The cursor that the step began with.</param>
/// <param name="Known">Stored items that the answers were read against.</param>
/// <param name="Heard">Mark of the nudge it sees to.</param>
/// <param name="Told">Something had said that there is news.</param>
/// <param name="Marks">What it understood.</param>
internal sealed record JournalStep(
    long Sequence,
    StreamCursor Before,
    StreamRequest Asked,
    ProviderAnswers Answers,
    ImmutableDictionary<string, MirroredItem> Known,
    string? Heard,
    bool Told,
    DateTimeOffset At,
    StepMarks Marks)
{
    private const int LengthBytes = 4;
    private const int Quality = 1;
    private const int Window = 22;

    /// <summary>
    /// Brotli over
    /// <code>
    ///  0         4             4 + n
    ///  +---------+-------------+-----------------------------------+
    ///  | n       | JSON header | bodies of the answers, in order   |
    ///  +---------+-------------+-----------------------------------+
    /// </code>
    /// where the header says the length of each body.
    /// </summary>
    public byte[] Pack(IMirror mirror)
    {
        var header = JsonSerializer.SerializeToUtf8Bytes(
            new Header(
                Before,
                Asked,
                [.. Answers.Each.Select(static one => new Answer(one.Operation, one.Argument, one.Status, one.Date, one.Body.Length))],
                [.. Known.Values.Select(item => Encoding.UTF8.GetString(mirror.Canonical(item)))],
                Heard,
                Told,
                Marks),
            JsonShapes.Stored);
        // Some hundred kilobytes each time, and many times in a long reading: rented, and handed back empty.
        var length = LengthBytes + header.Length + Answers.Each.Sum(static one => one.Body.Length);
        var plain = ArrayPool<byte>.Shared.Rent(length);
        var packed = ArrayPool<byte>.Shared.Rent(LengthBytes + BrotliEncoder.GetMaxCompressedLength(length));
        try
        {
            BinaryPrimitives.WriteInt32BigEndian(plain, header.Length);
            header.CopyTo(plain, LengthBytes);
            var at = LengthBytes + header.Length;
            foreach (var answer in Answers.Each)
            {
                answer.Body.CopyTo(plain.AsMemory(at));
                at += answer.Body.Length;
            }

            BinaryPrimitives.WriteInt32BigEndian(packed, length);
            return BrotliEncoder.TryCompress(plain.AsSpan(0, length), packed.AsSpan(LengthBytes), out var written, Quality, Window)
                ? packed[..(LengthBytes + written)]
                : throw new InvalidOperationException("A step could not be packed.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(plain, clearArray: true);
            ArrayPool<byte>.Shared.Return(packed, clearArray: true);
        }
    }

    /// <exception cref="JsonException">It is not what <see cref="Pack"/> makes.</exception>
    public static JournalStep Unpack(long sequence, DateTimeOffset at, ReadOnlySpan<byte> packed, Func<StreamName, IMirror> mirrorOf)
    {
        var plain = Plain(packed);
        var headerLength = BinaryPrimitives.ReadInt32BigEndian(plain);
        var header = JsonSerializer.Deserialize<Header>(plain.AsSpan(LengthBytes, headerLength), JsonShapes.Stored)
            ?? throw new JsonException("A step without a header.");
        var answers = ImmutableArray.CreateBuilder<ProviderAnswer>(header.Answers.Length);
        var place = LengthBytes + headerLength;
        foreach (var answer in header.Answers)
        {
            answers.Add(new ProviderAnswer(
                answer.Operation, answer.Argument, answer.Status, plain.AsMemory(place, answer.Length), answer.Date));
            place += answer.Length;
        }

        var mirror = mirrorOf(header.Before.Stream);
        var known = header.Known.Select(item => mirror.Read(Encoding.UTF8.GetBytes(item)))
            .ToImmutableDictionary(static item => item.SourceId, StringComparer.Ordinal);
        return new JournalStep(
            sequence,
            header.Before,
            header.Asked,
            new ProviderAnswers(answers.MoveToImmutable()),
            known,
            header.Heard,
            header.Told,
            at,
            header.Marks);
    }

    /// <summary>SHA-256 over what the provider answered.</summary>
    public byte[] DigestOfAnswers()
    {
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var answer in Answers.Each)
        {
            whole.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant(
                $"{answer.Operation}\n{answer.Argument}\n{answer.Status}\n{answer.Body.Length}\n")));
            whole.AppendData(answer.Body.Span);
        }

        return whole.GetHashAndReset();
    }

    private static byte[] Plain(ReadOnlySpan<byte> packed)
    {
        var plain = new byte[BinaryPrimitives.ReadInt32BigEndian(packed)];
        return BrotliDecoder.TryDecompress(packed[LengthBytes..], plain, out var length) && length == plain.Length
            ? plain
            : throw new JsonException("A step that cannot be unpacked.");
    }

    private sealed record Header(
        StreamCursor Before,
        StreamRequest Asked,
        ImmutableArray<Answer> Answers,
        ImmutableArray<string> Known,
        string? Heard,
        bool Told,
        StepMarks Marks);

    private sealed record Answer(string Operation, string? Argument, int Status, DateTimeOffset? Date, int Length);
}
