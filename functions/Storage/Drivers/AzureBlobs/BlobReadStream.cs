using PracticPro.Kernel;
using PracticPro.Storage.Drivers.StorageAccount;

namespace PracticPro.Storage.Drivers.AzureBlobs;

/// <summary>
/// A blob's content, whose troubles are the store's. Its length is known, and it may be read at any place: bytes that are not
/// in the piece at hand are asked for.
/// </summary>
internal sealed class BlobReadStream(Stream content) : RefusingStream
{
    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override long Length => content.Length;

    public override long Position
    {
        get => content.Position;
        set => content.Position = value;
    }

    public override long Seek(long offset, SeekOrigin origin) => content.Seek(offset, origin);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await content.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception trouble) when (AccountTrouble.IsTrouble(trouble, cancellationToken))
        {
            throw AccountTrouble.Explain(trouble);
        }
    }

    // Some readers know no other way; they wait on their own thread.
    public override int Read(Span<byte> buffer)
    {
        try
        {
            return content.Read(buffer);
        }
        catch (Exception trouble) when (AccountTrouble.IsTrouble(trouble, CancellationToken.None))
        {
            throw AccountTrouble.Explain(trouble);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            content.Dispose();
        }

        base.Dispose(disposing);
    }

    public override async ValueTask DisposeAsync()
    {
        await content.DisposeAsync();
        await base.DisposeAsync();
    }
}
