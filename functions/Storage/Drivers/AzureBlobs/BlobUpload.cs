using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using PracticPro.Storage.Drivers.StorageAccount;

namespace PracticPro.Storage.Drivers.AzureBlobs;

/// <summary>
/// Writes one blob, once, to a name nobody has. What is small goes in one request; what is larger is sent in blocks of one
/// buffer's size, which are nothing until the last request makes a blob of them all. That request, and only that, says who
/// has the name. When its answer is lost, the mark that this write put on the blob tells whose it is.
/// </summary>
internal sealed class BlobUpload(BlockBlobClient blob, BlobImmutabilityPolicy? policy)
{
    private const int BlockBytes = 4 << 20;
    private const int MarkBytes = 16;
    private const string MarkName = "mark";

    // Against accidents on the way only. MD5 is a plain header; the other kind frames the body in a way not every server reads.
    private static readonly UploadTransferValidationOptions Checked = new() { ChecksumAlgorithm = StorageChecksumAlgorithm.MD5 };

    private readonly byte[] mark = RandomNumberGenerator.GetBytes(MarkBytes);

    private string MarkText => Convert.ToHexStringLower(mark);

    private Dictionary<string, string> Metadata => new(StringComparer.Ordinal) { [MarkName] = MarkText };

    private static BlobRequestConditions FreeName => new() { IfNoneMatch = ETag.All };

    /// <summary>False when the name is taken.</summary>
    public async ValueTask<bool> RunAsync(Stream content, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            // What the content's own stream throws is the caller's, and goes to the caller as it is.
            var length = await FillAsync(content, buffer, cancellation);
            return length < BlockBytes
                ? await SettleAsync(() => SendWholeAsync(buffer, length, cancellation), cancellation)
                : await RunInBlocksAsync(content, buffer, cancellation);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static ValueTask<int> FillAsync(Stream content, byte[] buffer, CancellationToken cancellation) =>
        content.ReadAtLeastAsync(buffer.AsMemory(0, BlockBytes), BlockBytes, throwOnEndOfStream: false, cancellation);

    private async ValueTask<bool> RunInBlocksAsync(Stream content, byte[] buffer, CancellationToken cancellation)
    {
        // Only spares the sending. Who has the name is decided at the end.
        if (await MarkThereAsync(cancellation) is not null)
        {
            return false;
        }

        var blocks = new List<string>();
        for (var length = BlockBytes; length > 0; length = await FillAsync(content, buffer, cancellation))
        {
            var block = BlockId(blocks.Count);
            if (!await StageAsync(block, buffer, length, cancellation))
            {
                return false;
            }

            blocks.Add(block);
        }

        return await SettleAsync(() => CommitAsync(blocks, cancellation), cancellation);
    }

    /// <summary>False when the name was taken meanwhile by a blob that is held in its place.</summary>
    private ValueTask<bool> StageAsync(string block, byte[] buffer, int length, CancellationToken cancellation) =>
        AccountTrouble.AroundAsync(
            async () =>
            {
                try
                {
                    using var piece = new MemoryStream(buffer, 0, length, writable: false);
                    await blob.StageBlockAsync(block, piece, new BlockBlobStageBlockOptions { TransferValidation = Checked }, cancellation);
                    return true;
                }
                catch (RequestFailedException refused) when (AccountTrouble.IsTaken(refused))
                {
                    return false;
                }
            },
            cancellation);

    private async Task SendWholeAsync(byte[] buffer, int length, CancellationToken cancellation)
    {
        using var whole = new MemoryStream(buffer, 0, length, writable: false);
        await blob.UploadAsync(
            whole,
            new BlobUploadOptions { Conditions = FreeName, Metadata = Metadata, ImmutabilityPolicy = policy, TransferValidation = Checked },
            cancellation);
    }

    private Task<Response<BlobContentInfo>> CommitAsync(List<string> blocks, CancellationToken cancellation) => blob.CommitBlockListAsync(
        blocks,
        new CommitBlockListOptions { Conditions = FreeName, Metadata = Metadata, ImmutabilityPolicy = policy },
        cancellation);

    /// <summary>Sends the request that decides, and finds out how it was decided.</summary>
    private async ValueTask<bool> SettleAsync(Func<Task> send, CancellationToken cancellation)
    {
        try
        {
            await send();
            return true;
        }
        catch (RequestFailedException taken) when (AccountTrouble.IsTaken(taken))
        {
            // Perhaps by this very write, whose first answer was lost.
            return await MarkThereAsync(cancellation) == MarkText;
        }
        catch (Exception unclear) when (AccountTrouble.IsTrouble(unclear, cancellation))
        {
            // Carried out or not: who looks will see. If that fails as well, the first trouble is the one to tell of.
            return await FindMarkAsync(cancellation) is { } found ? found == MarkText : throw AccountTrouble.Explain(unclear);
        }
    }

    private async ValueTask<string?> FindMarkAsync(CancellationToken cancellation)
    {
        try
        {
            return await MarkThereAsync(cancellation);
        }
        catch (StorageUnavailableException)
        {
            return null;
        }
    }

    /// <summary>The mark of the blob that has the name, empty if it has none; null when nothing has it.</summary>
    private ValueTask<string?> MarkThereAsync(CancellationToken cancellation) => AccountTrouble.AroundAsync(
        async () =>
        {
            try
            {
                var properties = await blob.GetPropertiesAsync(cancellationToken: cancellation);
                return properties.Value.Metadata.TryGetValue(MarkName, out var found) ? found : string.Empty;
            }
            catch (RequestFailedException missing) when (AccountTrouble.IsMissing(missing, BlobErrorCode.BlobNotFound.ToString()))
            {
                return null;
            }
        },
        cancellation);

    // Blocks of two writers under one name must not be taken for each other's.
    private string BlockId(int number)
    {
        var id = new byte[MarkBytes + sizeof(int)];
        mark.CopyTo(id, 0);
        BinaryPrimitives.WriteInt32BigEndian(id.AsSpan(MarkBytes), number);
        return Convert.ToBase64String(id);
    }
}
