using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PracticPro.Storage;

/// <summary>
/// SHA-256 over all one tenant has stored: documents with their index values, logs with every entry, queued messages with
/// their deliveries, blobs with their bytes. Equal for two stores that answer alike, on whatever drivers. Left out is what
/// a driver makes for itself: versions, receipts, leases, and the times a message becomes visible.
/// </summary>
internal static class StoreDigest
{
    private const int PageSize = 500;

    /// <summary>64 hexadecimal digits.</summary>
    /// <exception cref="NotSupportedException">The driver cannot list what it holds.</exception>
    public static Task<string> OfAsync(ITenantStorage storage, CancellationToken cancellation) =>
        OfAsync(storage, static _ => true, static _ => true, cancellation);

    /// <summary>The same of a part: of the documents and logs that the two say yes to, and of all else.</summary>
    public static async Task<string> OfAsync(
        ITenantStorage storage, Func<DocumentKey, bool> documents, Func<LogName, bool> logs, CancellationToken cancellation)
    {
        if (storage is not ITenantContents contents)
        {
            throw new NotSupportedException("This driver does not list all it holds, so it cannot be compared.");
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await foreach (var document in contents.DocumentsAsync(cancellation).Where(document => documents(document.Key)))
        {
            Add(hash, "document", document.Key.Kind.Name, document.Key.Id);
            foreach (var (name, value) in document.IndexValues.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                Add(hash, "index", name, value);
            }

            Add(hash, document.Body.Span);
        }

        await foreach (var log in contents.LogsAsync(cancellation).Where(logs))
        {
            Add(hash, "log", log.Text);
            await AddEntriesAsync(hash, storage.Logs, log, cancellation);
        }

        await foreach (var message in contents.MessagesAsync(cancellation))
        {
            Add(hash, "message", message.Queue.Text, Number(message.Deliveries), message.IsPoison ? "poison" : "waiting");
            Add(hash, message.Body.Span);
        }

        await AddBlobsAsync(hash, storage.Blobs, cancellation);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static async Task AddEntriesAsync(
        IncrementalHash hash, IAppendLog logs, LogName log, CancellationToken cancellation)
    {
        var at = 0L;
        while (await logs.ReadAsync(log, at, PageSize, cancellation) is { Count: > 0 } page)
        {
            foreach (var entry in page)
            {
                Add(hash, entry.Span);
            }

            at += page.Count;
        }
    }

    private static async Task AddBlobsAsync(IncrementalHash hash, IBlobs blobs, CancellationToken cancellation)
    {
        await foreach (var name in blobs.ListAsync(string.Empty, cancellation))
        {
            if (await blobs.OpenReadAsync(name, cancellation) is { } content)
            {
                await using (content)
                {
                    Add(hash, "blob", name.Text);
                    Add(hash, await SHA256.HashDataAsync(content, cancellation));
                }
            }
        }
    }

    private static void Add(IncrementalHash hash, params ReadOnlySpan<string> parts)
    {
        foreach (var part in parts)
        {
            Add(hash, Encoding.UTF8.GetBytes(part));
        }
    }

    // Each part stands behind its length, so that no two contents share an encoding.
    private static void Add(IncrementalHash hash, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
        hash.AppendData(length);
        hash.AppendData(part);
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
