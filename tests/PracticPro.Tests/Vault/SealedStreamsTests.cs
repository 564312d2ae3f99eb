using System.Security.Cryptography;
using PracticPro.Vault;
using static PracticPro.Tests.Vault.VaultFixture;

namespace PracticPro.Tests.Vault;

/// <summary>What is sealed in frames opens whole, in its place, or not at all.</summary>
[Trait("Promise", "ENC-1")]
public sealed class SealedStreamsTests
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
    [InlineData((2 * Frame) - 1)]
    [InlineData(2 * Frame)]
    [InlineData((2 * Frame) + 1)]
    [InlineData((5 * Frame) + 777)]
    public async Task A_stream_opens_to_what_was_sealed(int length)
    {
        var plain = RandomNumberGenerator.GetBytes(length);

        var value = await SealAsync(plain);

        Assert.Equal(SealedStreamFormat.SealedLength(length), value.Length);
        Assert.Equal(plain, await OpenAsync(value));
        Assert.Equal(plain, OpenSynchronously(value));
    }

    [Fact]
    public async Task It_does_not_matter_in_what_pieces_a_stream_is_read()
    {
        var plain = RandomNumberGenerator.GetBytes((2 * Frame) + 5);
        var value = await SealAsync(plain);
        await using var opened = (await SealedStreams.OpenAsync(
            keys, Purpose.Export, Place, new Dripping(value), Cancellation)).Expect();

        var read = new MemoryStream();
        var piece = new byte[1013];
        while (await opened.ReadAsync(piece, Cancellation) is var count and > 0)
        {
            read.Write(piece, 0, count);
        }

        Assert.Equal(plain, read.ToArray());
        Assert.Equal(0, await opened.ReadAsync(piece, Cancellation));
    }

    [Fact]
    public async Task A_changed_byte_anywhere_is_found()
    {
        var value = await SealAsync(RandomNumberGenerator.GetBytes((2 * Frame) + 9));
        int[] places =
        [
            .. Enumerable.Range(0, Header),
            Header, Header + 1000, Header + Frame - 1, Header + Frame, Header + SealedFrame - 1, Header + SealedFrame,
            Header + (2 * SealedFrame), value.Length - 17, value.Length - 16, value.Length - 1,
        ];

        foreach (var at in places)
        {
            var changed = value.ToArray();
            changed[at] ^= 1;
            await RefusedAsync(changed, $"byte {at}");
        }
    }

    [Fact]
    public async Task A_cut_anywhere_is_found()
    {
        var value = await SealAsync(RandomNumberGenerator.GetBytes(3 * Frame));
        int[] lengths =
        [
            0, 1, Header - 1, Header, Header + 1, Header + 15, Header + 16, Header + Frame, Header + SealedFrame,
            Header + SealedFrame + 1, Header + SealedFrame + 16, Header + (2 * SealedFrame), value.Length - 16, value.Length - 1,
        ];

        foreach (var length in lengths)
        {
            await RefusedAsync(value[..length], $"cut to {length}");
        }

        await RefusedAsync([.. value, 0], "one byte more");
        await RefusedAsync([.. value, .. value[^SealedFrame..]], "the last frame twice");
    }

    [Fact]
    public async Task Frames_that_were_swapped_repeated_or_left_out_are_found()
    {
        var value = await SealAsync(RandomNumberGenerator.GetBytes(4 * Frame));
        byte[] FrameOf(int number) => value[(Header + (number * SealedFrame))..(Header + ((number + 1) * SealedFrame))];
        int[][] orders = [[1, 0, 2, 3], [0, 2, 1, 3], [0, 0, 2, 3], [0, 1, 3], [1, 2, 3], [0, 1, 3, 2], [3], [0, 1, 2, 2]];

        foreach (var order in orders)
        {
            await RefusedAsync([.. value[..Header], .. order.SelectMany(FrameOf)], string.Join(' ', order));
        }
    }

    [Fact]
    public async Task Two_streams_that_were_put_together_are_found()
    {
        var (first, second) = (await SealAsync(new byte[2 * Frame]), await SealAsync(new byte[2 * Frame]));

        await RefusedAsync([.. first[..(Header + SealedFrame)], .. second[(Header + SealedFrame)..]], "second's end");
        await RefusedAsync([.. first[..Header], .. second[Header..]], "second's frames");
        await RefusedAsync([.. first, .. second], "one after the other");
    }

    [Fact]
    [Trait("Promise", "ISO-1")]
    public async Task A_stream_opens_in_its_own_place_only()
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
            await using var opened = (await SealedStreams.OpenAsync(
                stray.Keys, stray.Purpose, stray.Place, new MemoryStream(value), Cancellation)).Expect();
            await Assert.ThrowsAsync<TamperedStreamException>(() => opened.CopyToAsync(Stream.Null, Cancellation));
        }
    }

    [Fact]
    public async Task A_piece_does_not_open_as_a_stream_nor_a_stream_as_a_piece()
    {
        var piece = keys.Seal(Purpose.Export, Place, new byte[10]);
        var stream = await SealAsync(new byte[10]);

        Assert.IsType<VaultFailures.UnknownSuite>(
            (await SealedStreams.OpenAsync(keys, Purpose.Export, Place, new MemoryStream(piece.Memory.ToArray()), Cancellation)).Failure);
        Assert.IsType<VaultFailures.UnknownSuite>(keys.Open(Purpose.Export, Place, new SealedBytes(stream)).Failure);

        // With the suite's byte changed too, the key is another one.
        stream[1] = SealedFormat.Suite1;
        Assert.IsType<VaultFailures.WrongKey>(keys.Open(Purpose.Export, Place, new SealedBytes(stream)).Failure);
    }

    [Fact]
    public async Task Two_seals_of_one_content_differ_in_every_frame()
    {
        var (first, second) = (await SealAsync(new byte[2 * Frame]), await SealAsync(new byte[2 * Frame]));

        Assert.False(first.AsSpan(Header, 32).SequenceEqual(second.AsSpan(Header, 32)));
        Assert.False(first.AsSpan(Header, 32).SequenceEqual(first.AsSpan(Header + SealedFrame, 32)));
    }

    [Fact]
    public async Task A_stream_that_failed_goes_on_failing()
    {
        var value = await SealAsync(new byte[(2 * Frame) + 1]);
        value[Header + SealedFrame + 3] ^= 1;
        await using var opened = (await SealedStreams.OpenAsync(
            keys, Purpose.Export, Place, new MemoryStream(value), Cancellation)).Expect();
        await opened.ReadExactlyAsync(new byte[Frame], Cancellation);

        await Assert.ThrowsAsync<TamperedStreamException>(async () => await opened.ReadExactlyAsync(new byte[1], Cancellation));
        await Assert.ThrowsAsync<TamperedStreamException>(async () => await opened.ReadExactlyAsync(new byte[1], Cancellation));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_read_before_its_source_failed_is_not_sealed_as_if_it_were_all(bool isAsynchronous)
    {
        await using var sealing = SealedStreams.Seal(keys, Purpose.Export, Place, new FailsOnce(new byte[Frame + 100], Frame + 50));
        var sealedBytes = new byte[(2 * SealedFrame) + Header];
        async Task ReadAllAsync()
        {
            while ((isAsynchronous ? await sealing.ReadAsync(sealedBytes, Cancellation) : sealing.Read(sealedBytes.AsSpan())) > 0)
            {
            }
        }

        await Assert.ThrowsAsync<IOException>(ReadAllAsync);
        await Assert.ThrowsAsync<IOException>(ReadAllAsync);
    }

    [Fact]
    public async Task Revoked_keys_end_a_stream_that_was_begun()
    {
        await using var sealing = SealedStreams.Seal(keys, Purpose.Export, Place, new MemoryStream(new byte[3 * Frame]));
        await sealing.ReadExactlyAsync(new byte[Header + SealedFrame], Cancellation);

        keys.Revoke();

        await Assert.ThrowsAsync<KeysExpiredException>(() => sealing.CopyToAsync(Stream.Null, Cancellation));
    }

    [Fact]
    public async Task Two_hundred_megabytes_pass_while_two_frames_are_held()
    {
        const long length = 200L * 1024 * 1024;
        var plain = new Metered(length);
        await using var sealing = SealedStreams.Seal(keys, Purpose.Export, Place, plain);
        var between = new Passing(sealing);
        await using var opened = (await SealedStreams.OpenAsync(keys, Purpose.Export, Place, between, Cancellation)).Expect();

        var buffer = new byte[80_000];
        long given = 0;
        var mostHeld = 0L;
        while (await opened.ReadAsync(buffer, Cancellation) is var count and > 0)
        {
            given += count;
            mostHeld = Math.Max(mostHeld, Math.Max(plain.Given - between.Given, between.Given - given));
        }

        Assert.Equal(length, given);
        Assert.InRange(mostHeld, 1, 2 * SealedFrame);
    }

    private async Task<byte[]> SealAsync(byte[] plain)
    {
        await using var sealing = SealedStreams.Seal(keys, Purpose.Export, Place, new MemoryStream(plain));
        var value = new MemoryStream();
        await sealing.CopyToAsync(value, Cancellation);
        return value.ToArray();
    }

    private async Task<byte[]> OpenAsync(byte[] value)
    {
        await using var opened = (await SealedStreams.OpenAsync(
            keys, Purpose.Export, Place, new MemoryStream(value), Cancellation)).Expect();
        var plain = new MemoryStream();
        await opened.CopyToAsync(plain, Cancellation);
        return plain.ToArray();
    }

    private byte[] OpenSynchronously(byte[] value)
    {
        using var frames = keys.BeginOpening(Purpose.Export, Place, value.AsSpan(0, Header)).Expect();
        using var source = new MemoryStream(value, Header, value.Length - Header);
        using var opened = new FrameStream(
            source,
            SealedFrame,
            default,
            (frame, isLast, output) =>
                frames.TryOpen(frame, isLast, output[..(frame.Length - 16)]) ? frame.Length - 16 : throw new TamperedStreamException(),
            []);
        using var plain = new MemoryStream();
        opened.CopyTo(plain);
        return plain.ToArray();
    }

    private async Task RefusedAsync(byte[] value, string what)
    {
        var begun = await SealedStreams.OpenAsync(keys, Purpose.Export, Place, new MemoryStream(value), Cancellation);
        if (begun.Try(out var opened, out _))
        {
            await using (opened)
            {
                var thrown = await Record.ExceptionAsync(() => opened.CopyToAsync(Stream.Null, Cancellation));
                Assert.True(thrown is TamperedStreamException, what);
            }
        }
    }

    /// <summary>Gives its bytes a few at a time.</summary>
    private sealed class Dripping(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, 777)], cancellationToken);
    }

    /// <summary>Fails at a place, once, and from then on says that it ended.</summary>
    private sealed class FailsOnce(byte[] bytes, int at) : MemoryStream(bytes)
    {
        private bool failed;

        public override int Read(Span<byte> buffer)
        {
            if (Position < at)
            {
                return base.Read(buffer[..(int)Math.Min(buffer.Length, at - Position)]);
            }

            return failed ? 0 : throw Failed();
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(Read(buffer.Span));

        private IOException Failed()
        {
            failed = true;
            return new IOException("The source broke.");
        }
    }

    /// <summary>So many bytes that are nowhere held, counted as they are given.</summary>
    private sealed class Metered(long length) : MemoryStream
    {
        public long Given { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = (int)Math.Min(buffer.Length, length - Given);
            Given += count;
            return ValueTask.FromResult(count);
        }
    }

    /// <summary>Passes on, and counts.</summary>
    private sealed class Passing(Stream inner) : MemoryStream
    {
        public long Given { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = await inner.ReadAsync(buffer, cancellationToken);
            Given += count;
            return count;
        }
    }
}
