using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using PracticPro.Vault;
using static PracticPro.Tests.Vault.VaultFixture;

namespace PracticPro.Tests.Vault;

/// <summary>A sealed stream is read at any place, and a stream that is not whole is not read at all.</summary>
[Trait("Promise", "ENC-1")]
public sealed class SeekableStreamsTests
{
    private const int Frame = SealedStreamFormat.FrameBytes;
    private const int SealedFrame = SealedStreamFormat.SealedFrameBytes;
    private const int Header = SealedFormat.HeaderBytes;

    private static readonly byte[] Key = TestKeys.Filled(0x5a);
    private readonly TenantKeys keys = TestKeys.Of(A, (Purpose.Export, 1, Key), (Purpose.Records, 1, Key));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Frame - 1)]
    [InlineData(Frame)]
    [InlineData(Frame + 1)]
    [InlineData(3 * Frame)]
    [InlineData((3 * Frame) + 777)]
    public async Task Any_part_is_what_was_sealed_there(int length)
    {
        var plain = RandomNumberGenerator.GetBytes(length);
        await using var opened = await OpenedAsync(await SealAsync(plain));
        Assert.Equal(length, opened.Length);
        int[] places = [0, 1, length - 1, length, length + 5, Frame - 3, Frame, Frame + 3, (2 * Frame) - 1, 0];

        foreach (var (at, isAsynchronous) in places.Where(at => at >= 0).Select((at, index) => (at, index % 2 == 0)))
        {
            opened.Position = at;
            var part = new byte[Frame + 10];
            var read = isAsynchronous
                ? await opened.ReadAtLeastAsync(part, part.Length, throwOnEndOfStream: false, Cancellation)
                : opened.ReadAtLeast(part, part.Length, throwOnEndOfStream: false);

            Assert.Equal(plain.Skip(at).Take(part.Length), part.Take(read));
            Assert.Equal(at + read, opened.Position);
        }
    }

    [Fact]
    public async Task Random_parts_in_random_order_are_what_was_sealed_there()
    {
        var plain = RandomNumberGenerator.GetBytes((4 * Frame) + 321);
        await using var opened = await OpenedAsync(await SealAsync(plain));
        var part = from at in Gen.Choose(0, plain.Length) from count in Gen.Choose(0, Math.Min(2 * Frame, plain.Length - at)) select (at, count);

        Prop.ForAll(part.ToArbitrary(), where =>
        {
            var read = new byte[where.count];
            opened.Seek(where.at - plain.Length, SeekOrigin.End);
            opened.ReadExactly(read);
            return read.AsSpan().SequenceEqual(plain.AsSpan(where.at, where.count));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public async Task A_stream_that_was_cut_or_lengthened_is_refused_before_its_beginning_is_read()
    {
        var value = await SealAsync(RandomNumberGenerator.GetBytes((3 * Frame) + 40));
        int[] lengths =
        [
            0, 1, Header - 1, Header, Header + 1, Header + 15, Header + 16, Header + 17, Header + Frame, Header + SealedFrame,
            Header + SealedFrame + 1, Header + SealedFrame + 16, Header + SealedFrame + 17, Header + (2 * SealedFrame),
            Header + (3 * SealedFrame), .. Enumerable.Range(value.Length - 56, 56),
        ];

        foreach (var length in lengths)
        {
            await RefusedAsync(value[..length], $"cut to {length}");
        }

        await RefusedAsync([.. value, 0], "a byte more");
        await RefusedAsync([.. value, .. new byte[SealedFrame]], "a frame more");
        await RefusedAsync([.. value, .. value[(Header + (3 * SealedFrame))..]], "the last frame twice");
    }

    [Fact]
    public async Task A_last_frame_that_was_moved_or_is_of_another_stream_is_refused()
    {
        var (value, other) = (await SealAsync(new byte[4 * Frame]), await SealAsync(new byte[4 * Frame]));
        byte[] FrameOf(byte[] stream, int number) => stream[(Header + (number * SealedFrame))..(Header + ((number + 1) * SealedFrame))];
        int[][] orders = [[3], [0, 3], [0, 1, 3], [0, 1, 2], [0, 1, 2, 2], [0, 1, 3, 2], [0, 1, 2, 3, 3]];

        foreach (var order in orders)
        {
            await RefusedAsync([.. value[..Header], .. order.SelectMany(number => FrameOf(value, number))], string.Join(' ', order));
        }

        await RefusedAsync([.. value[..^SealedFrame], .. FrameOf(other, 3)], "another's end");
        await RefusedAsync([.. value[..Header], .. other[Header..]], "another's frames");
    }

    [Fact]
    public async Task Every_frame_is_verified_before_a_byte_of_it_is_given_and_a_bad_one_ends_all_reading()
    {
        var (value, other) = (await SealAsync(new byte[4 * Frame]), await SealAsync(new byte[4 * Frame]));
        var changed = value.ToArray();
        changed[Header + SealedFrame + 9] ^= 1;
        var swapped = value.ToArray();
        value.AsSpan(Header, SealedFrame).CopyTo(swapped.AsSpan(Header + SealedFrame));
        var spliced = value.ToArray();
        other.AsSpan(Header + SealedFrame, SealedFrame).CopyTo(spliced.AsSpan(Header + SealedFrame));

        foreach (var bad in (byte[][])[changed, swapped, spliced])
        {
            await using var opened = await OpenedAsync(bad);
            opened.Position = 2 * Frame;
            Assert.Equal(0, opened.ReadByte());

            opened.Position = Frame + 100;
            await Assert.ThrowsAsync<TamperedStreamException>(async () => await opened.ReadExactlyAsync(new byte[1], Cancellation));
            opened.Position = 0;
            Assert.Throws<TamperedStreamException>(() => opened.ReadByte());
        }
    }

    [Fact]
    public async Task A_source_that_grows_shorter_while_it_is_read_is_found()
    {
        var source = new MemoryStream();
        source.Write(await SealAsync(new byte[4 * Frame]));
        await using var opened = (await SealedStreams.OpenSeekableAsync(keys, Purpose.Export, Place, source, Cancellation)).Expect();

        source.SetLength(Header + SealedFrame + 100);

        opened.Position = Frame;
        await Assert.ThrowsAsync<TamperedStreamException>(async () => await opened.ReadExactlyAsync(new byte[1], Cancellation));
    }

    [Fact]
    [Trait("Promise", "ISO-1")]
    public async Task It_opens_in_its_own_place_only()
    {
        var value = await SealAsync(new byte[10]);
        var others = TestKeys.Of(B, (Purpose.Export, 1, Key));
        (TenantKeys Keys, Purpose Purpose, SealContext Place)[] strays =
        [
            (others, Purpose.Export, Place),
            (keys, Purpose.Records, Place),
            (keys, Purpose.Export, new SealContext("note", "note-2", "text", 1)),
            (keys, Purpose.Export, new SealContext("note", "note-1", "text", 2)),
        ];

        foreach (var stray in strays)
        {
            Assert.IsType<VaultFailures.NotAuthentic>((await SealedStreams.OpenSeekableAsync(
                stray.Keys, stray.Purpose, stray.Place, new MemoryStream(value), Cancellation)).Failure);
        }
    }

    [Fact]
    public async Task Revoked_keys_end_it_also_for_what_lies_opened()
    {
        await using var opened = await OpenedAsync(await SealAsync(new byte[10]));
        Assert.Equal(0, opened.ReadByte());

        keys.Revoke();

        Assert.Throws<KeysExpiredException>(() => opened.ReadByte());
    }

    [Fact]
    public async Task A_byte_far_within_costs_the_header_the_last_frame_and_its_own()
    {
        var source = new Metered(await SealAsync(new byte[(40 * Frame) + 1]));
        await using var opened = (await SealedStreams.OpenSeekableAsync(keys, Purpose.Export, Place, source, Cancellation)).Expect();

        opened.Position = 20 * Frame;
        await opened.ReadExactlyAsync(new byte[500], Cancellation);
        await opened.ReadExactlyAsync(new byte[500], Cancellation);

        Assert.Equal(Header + 17 + SealedFrame, source.Given);
    }

    [Fact]
    public async Task What_does_not_open_is_closed_at_once_and_what_opens_with_its_stream()
    {
        var bad = new MemoryStream(await SealAsync(new byte[10]), 0, 90);
        Assert.False((await SealedStreams.OpenSeekableAsync(keys, Purpose.Export, Place, bad, Cancellation)).Succeeded);
        Assert.False(bad.CanRead);

        var good = new MemoryStream(await SealAsync(new byte[10]));
        var opened = (await SealedStreams.OpenSeekableAsync(keys, Purpose.Export, Place, good, Cancellation)).Expect();
        await opened.DisposeAsync();

        Assert.False(good.CanRead);
        Assert.Throws<ObjectDisposedException>(() => opened.ReadByte());
    }

    [Fact]
    public async Task It_refuses_what_a_reader_may_not_do()
    {
        await using var opened = await OpenedAsync(await SealAsync(new byte[10]));

        Assert.False(opened.CanWrite);
        Assert.Throws<NotSupportedException>(() => opened.WriteByte(1));
        Assert.Throws<NotSupportedException>(() => opened.SetLength(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => opened.Seek(-1, SeekOrigin.Begin));
    }

    [Fact]
    public void The_length_of_the_content_follows_from_that_of_the_sealed_bytes()
    {
        int[] lengths = [0, 1, 16, 17, Frame - 1, Frame, Frame + 1, (2 * Frame) - 1, 2 * Frame, (2 * Frame) + 1];
        Assert.All(lengths, length => Assert.Equal(length, SealedStreamFormat.PlainLength(SealedStreamFormat.SealedLength(length))));
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), length =>
            SealedStreamFormat.PlainLength(SealedStreamFormat.SealedLength(length)) == length).QuickCheckThrowOnFailure();

        // Too few for a tag; a last frame of a tag alone; more frames than a message may have.
        long[] impossible =
        [
            -1, 0, 70, 85, Header + SealedFrame + 1, Header + SealedFrame + 16, Header + (((1L << 32) + 1) * SealedFrame), long.MaxValue,
        ];
        Assert.All(impossible, length => Assert.Null(SealedStreamFormat.PlainLength(length)));
    }

    private async Task<byte[]> SealAsync(byte[] plain)
    {
        await using var sealing = SealedStreams.Seal(keys, Purpose.Export, Place, new MemoryStream(plain));
        using var value = new MemoryStream();
        await sealing.CopyToAsync(value, Cancellation);
        return value.ToArray();
    }

    private async Task<Stream> OpenedAsync(byte[] value) =>
        (await SealedStreams.OpenSeekableAsync(keys, Purpose.Export, Place, new MemoryStream(value), Cancellation)).Expect();

    private async Task RefusedAsync(byte[] value, string what) =>
        Assert.False(
            (await SealedStreams.OpenSeekableAsync(keys, Purpose.Export, Place, new MemoryStream(value), Cancellation)).Succeeded, what);

    /// <summary>Counts what it gives.</summary>
    private sealed class Metered(byte[] bytes) : MemoryStream(bytes)
    {
        public long Given { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = await base.ReadAsync(buffer, cancellationToken);
            Given += count;
            return count;
        }
    }
}
