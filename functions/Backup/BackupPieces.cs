using System.Security.Cryptography;
using PracticPro.Kernel;
using PracticPro.Vault;

namespace PracticPro.Backup;

/// <summary>Pieces of a backup, read with everything about them checked.</summary>
internal sealed class BackupPieces(IBackupTarget target, PieceKeys keys)
{
    /// <summary>Names of a stream's pieces, chain after chain, in order.</summary>
    public IReadOnlyList<PieceName> Of(string stream) =>
        [.. target.List(stream + "/").Select(PieceName.TryParse).OfType<PieceName>().OrderBy(name => name.Text, StringComparer.Ordinal)];

    /// <summary>The header of a piece, not yet known to be authentic.</summary>
    /// <exception cref="BackupDamagedException">It is missing, no piece, or says it is another.</exception>
    public PieceHeader Header(PieceName name)
    {
        using var bytes = Open(name.Text);
        return Fits(name, PieceFormat.ReadFront(bytes)).Header;
    }

    /// <summary>SHA-256 of a piece, in hexadecimal: what the next one must name.</summary>
    public string Hash(PieceName name)
    {
        using var bytes = Open(name.Text);
        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }

    /// <summary>
    /// The content and the header that is authentic with it. The failures are those of a key that is not there; everything
    /// else that is wrong throws, also while the content is read.
    /// </summary>
    /// <exception cref="BackupDamagedException">It is missing, was changed, or belongs elsewhere.</exception>
    public async Task<Outcome<(PieceHeader Header, Stream Content)>> OpenAsync(PieceName name, CancellationToken cancellation)
    {
        var bytes = Open(name.Text);
        try
        {
            var (header, frontHash) = Fits(name, PieceFormat.ReadFront(bytes));
            return await OpenAsync(name.Text, PieceName.OwnerOf(name.Stream), bytes, header, frontHash, cancellation);
        }
        catch
        {
            await bytes.DisposeAsync();
            throw;
        }
    }

    /// <summary>A piece that is in no chain, wholly in memory; null when it is not there.</summary>
    /// <exception cref="BackupDamagedException">It was changed, or belongs elsewhere.</exception>
    public async Task<Outcome<(PieceHeader Header, byte[] Content)>?> FindAsync(
        string name, TenantId owner, Func<PieceHeader, bool> fits, CancellationToken cancellation)
    {
        if (target.OpenRead(name) is not { } bytes)
        {
            return null;
        }

        await using (bytes)
        {
            if (PieceFormat.ReadFront(bytes) is not var (header, frontHash) || !fits(header))
            {
                throw new BackupDamagedException("a piece is not what its name says", name);
            }

            var opened = await OpenAsync(name, owner, bytes, header, frontHash, cancellation);
            if (!opened.Try(out var piece, out var why))
            {
                return new Outcome<(PieceHeader, byte[])>(why);
            }

            using var memory = new MemoryStream();
            Reading(name, () => piece.Content.CopyTo(memory));
            return new Outcome<(PieceHeader, byte[])>((piece.Header, memory.ToArray()));
        }
    }

    /// <summary>Reads a piece to its end, for nothing but to see that it is what was written. One without a key passes.</summary>
    /// <exception cref="BackupDamagedException">It is not.</exception>
    public async Task MustOpenAsync(PieceName name, CancellationToken cancellation)
    {
        if ((await OpenAsync(name, cancellation)).Try(out var piece, out _))
        {
            await using (piece.Content)
            {
                Reading(name.Text, () => piece.Content.CopyTo(Stream.Null));
            }
        }
    }

    /// <summary>Runs what reads a piece's content; bytes that do not open are told with the piece's name.</summary>
    public static void Reading(string name, Action read)
    {
        try
        {
            read();
        }
        catch (Exception trouble) when (trouble is PieceNotAuthenticException or InvalidDataException or EndOfStreamException)
        {
            throw new BackupDamagedException("a piece was changed, cut, or sealed under another key", name);
        }
    }

    private static (PieceHeader Header, byte[] FrontHash) Fits(PieceName name, (PieceHeader Header, byte[] FrontHash)? front) =>
        front is var (header, frontHash)
        && header.Kind == (name.Number == 0 ? PieceKind.Base : PieceKind.Segment)
        && header.Stream == name.Stream && header.Chain == name.Chain && header.Number == name.Number
            ? (header, frontHash)
            : throw new BackupDamagedException("a piece is not what its name says", name.Text);

    private async Task<Outcome<(PieceHeader Header, Stream Content)>> OpenAsync(
        string name, TenantId owner, Stream bytes, PieceHeader header, byte[] frontHash, CancellationToken cancellation)
    {
        var outcome = await keys.OpenAsync(owner, header, cancellation);
        if (!outcome.Try(out var key, out var why))
        {
            return why is VaultFailures.WrappedKeyNotAuthentic
                ? throw new BackupDamagedException("a piece's key was changed, or is another tenant's", name)
                : why;
        }

        using (key)
        {
            return (header, PieceFormat.Open(bytes, key, frontHash));
        }
    }

    private Stream Open(string name) =>
        target.OpenRead(name) ?? throw new BackupDamagedException("a piece is missing", name);
}
