using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Tests.Storage.Drivers;

/// <summary>Runs by itself: it looks at the memory of the whole process.</summary>
[CollectionDefinition(nameof(AzureBlobMemoryTests), DisableParallelization = true)]
[Collection(nameof(AzureBlobMemoryTests))]
public sealed class AzureBlobMemoryTests
{
    private const long Length = 200L << 20;
    private const long MostMore = 64L << 20;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_hundred_megabytes_go_in_and_out_without_being_held()
    {
        var account = new AzureBlobsUnderTest { Patience = TimeSpan.FromSeconds(60) };
        Assert.SkipWhen(account.Missing is not null, account.Missing ?? "");
        await account.OpenCleanAsync();
        var blobs = account.Opened.For(TenantId.Parse("clinic"));
        var name = new BlobName("recordings/long");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var most = 0L;

        Assert.True(await blobs.WriteAsync(name, new Pattern(Length, Look), Cancellation));
        await using var content = (await blobs.OpenReadAsync(name, Cancellation))!;
        var read = await CheckAsync(content);

        Assert.Equal(Length, read);
        Assert.InRange(most - before, long.MinValue, MostMore);

        async Task<long> CheckAsync(Stream stream)
        {
            var piece = new byte[1 << 20];
            var at = 0L;
            while (await stream.ReadAsync(piece, Cancellation) is > 0 and var count)
            {
                for (var offset = 0; offset < count; offset++, at++)
                {
                    if (piece[offset] != Pattern.ByteAt(at))
                    {
                        Assert.Fail("Another byte was read than was written.");
                    }
                }

                Look(at);
            }

            return at;
        }

        // What lives, not what waits to be collected.
        void Look(long at)
        {
            if (at % (32 << 20) == 0)
            {
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true));
            }
        }
    }

    /// <summary>A stream of so many bytes that are nowhere.</summary>
    private sealed class Pattern(long length, Action<long> look) : RefusingStream
    {
        private long at;

        public override bool CanRead => true;

        public static byte ByteAt(long position) => unchecked((byte)(position ^ (position >> 13)));

        public override int Read(Span<byte> buffer)
        {
            look(at);
            var most = (int)Math.Min(Math.Min(buffer.Length, 1 << 20), length - at);
            for (var next = 0; next < most; next++)
            {
                buffer[next] = ByteAt(at++);
            }

            return most;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(Read(buffer.Span));
    }
}
