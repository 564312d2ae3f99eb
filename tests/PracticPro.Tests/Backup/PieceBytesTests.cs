using System.Security.Cryptography;
using PracticPro.Backup;
using PracticPro.Kernel;
using PracticPro.Vault;

namespace PracticPro.Tests.Backup;

/// <summary>The bytes of a piece are the same in every program: backups outlive the program that wrote them.</summary>
/// <remarks>The hashes were computed by a second implementation, from the drawing in <see cref="PieceFormat"/>.</remarks>
[Trait("Promise", "ENC-1")]
public sealed class PieceBytesTests
{
    private const int Run = PieceFormat.RunBytes;

    private static readonly PieceHeader Header = new(PieceKind.Blob, "test-a", 1_700_000_000_000, KeyVersion.Parse("1"), [1, 2, 3])
    {
        Name = "files/one",
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, "0cea35e6b2e9d5f9df5204aafa1f5d52ca838cf92e5933a1923f9d71ce8d1618")]
    [InlineData(5, "a6f43e09f58d3c75867251a27abb91a3c774f684a1ff629eac4a1025bf866605")]
    [InlineData(Run, "468e6b6fcceecf403023c4896d3597c6de53b0d74612e8ef74025a62ce1f8d0a")]
    [InlineData(Run + 1, "36da468dc7f77ecbd1c5930ffd65164262657b8b9ee820253267c37fd278795b")]
    public async Task A_piece_of_version_1_is_written_and_opened_as_ever(int length, string hash)
    {
        var plain = Enumerable.Range(0, length).Select(at => (byte)(at % 251)).ToArray();
        using var key = Key();
        using var piece = new MemoryStream();

        Assert.Equal(hash, PieceFormat.Write(piece, Header, key, content => content.Write(plain)));

        Assert.Equal(hash, Convert.ToHexStringLower(SHA256.HashData(piece.ToArray())));
        piece.Position = 0;
        Assert.Equal(plain, await OpenedAsync(piece, key, isAsynchronous: true));
        piece.Position = 0;
        Assert.Equal(plain, await OpenedAsync(piece, key, isAsynchronous: false));
    }

    [Fact]
    public async Task A_piece_that_was_changed_or_cut_anywhere_is_not_authentic()
    {
        using var key = Key();
        using var piece = new MemoryStream();
        PieceFormat.Write(piece, Header, key, content => content.Write(new byte[Run + 9]));
        var bytes = piece.ToArray();
        var front = bytes.Length - (Run + 9 + 32);
        int[] places = [12, front - 1, front, front + Run, front + Run + 16, bytes.Length - 16, bytes.Length - 1];

        foreach (var at in places)
        {
            var changed = bytes.ToArray();
            changed[at] ^= 1;
            await RefusedAsync(changed);
            await RefusedAsync(bytes[..at]);
        }

        await RefusedAsync(bytes[..(front + Run + 16)]);
        await RefusedAsync([.. bytes, 0]);

        async Task RefusedAsync(byte[] given)
        {
            using var stream = new MemoryStream(given);
            if (PieceFormat.ReadFront(stream) is var (_, frontHash))
            {
                await using var opened = PieceFormat.Open(stream, key, frontHash);
                await Assert.ThrowsAsync<PieceNotAuthenticException>(() => opened.CopyToAsync(Stream.Null, Cancellation));
            }
        }
    }

    private static SecretBytes Key() => new([.. Enumerable.Range(1, PieceFormat.KeyBytes).Select(at => (byte)at)]);

    private static async Task<byte[]> OpenedAsync(Stream piece, SecretBytes key, bool isAsynchronous)
    {
        var (header, frontHash) = PieceFormat.ReadFront(piece)!.Value;
        Assert.Equal(Header.Name, header.Name);
        var opened = PieceFormat.Open(new Kept(piece), key, frontHash);
        using var plain = new MemoryStream();
        if (isAsynchronous)
        {
            await opened.CopyToAsync(plain, Cancellation);
        }
        else
        {
            opened.CopyTo(plain);
        }

        await opened.DisposeAsync();
        return plain.ToArray();
    }

    /// <summary>Is not closed by who reads it.</summary>
    private sealed class Kept(Stream inner) : RefusingStream
    {
        public override bool CanRead => true;

        public override int Read(Span<byte> buffer) => inner.Read(buffer);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            inner.ReadAsync(buffer, cancellationToken);
    }
}
