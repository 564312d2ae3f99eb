using System.Buffers.Binary;
using System.Security.Cryptography;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Keys.Destruction;

/// <summary>
/// Draws sealed values of a practice at random, each as likely as another (reservoir sampling, Vitter's algorithm R), and
/// keeps those that open now: what never opened proves nothing by not opening later. Documents only; of blobs, which can
/// be large, none is taken.
/// </summary>
internal sealed class SampleSealed(IDocuments documents, TenantKeys keys)
{
    public const int Most = 16;

    /// <summary>A larger one is not drawn: all are kept beside the certificate.</summary>
    public const int LargestBody = 32 * 1024;

    private const int PageSize = 500;
    private const int SchemaBytes = 4;

    /// <summary>The samples, at most <see cref="Most"/>, and how many documents there are.</summary>
    public async Task<(IReadOnlyList<ShreddedSample> Samples, long Documents)> RunAsync(CancellationToken cancellation)
    {
        var drawn = new List<ShreddedSample>(Most);
        var (all, candidates) = (0L, 0);
        Cursor? after = null;
        do
        {
            var page = await documents.WalkAsync(after, PageSize, cancellation);
            all += page.Items.Count;
            foreach (var document in page.Items.Select(static stored => stored.Document).Where(MayBeSealed))
            {
                var place = drawn.Count < Most ? drawn.Count : RandomNumberGenerator.GetInt32(candidates + 1);
                candidates++;
                if (place >= Most || Opened(document) is not { } sample)
                {
                    continue;
                }

                if (place < drawn.Count)
                {
                    drawn[place] = sample;
                }
                else
                {
                    drawn.Add(sample);
                }
            }

            after = page.Next;
        }
        while (after is not null);
        return ([.. drawn.Select(static (sample, number) => sample with { Number = number })], all);
    }

    public static string Sha256(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static bool MayBeSealed(Document document) =>
        document.Body.Length is >= SealedFormat.OverheadBytes and <= LargestBody
        && (IsFormat(document.Body.Span) || IsFormat(document.Body.Span[SchemaBytes..]));

    private static bool IsFormat(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= SealedFormat.OverheadBytes && bytes[0] == SealedFormat.Version1 && bytes[1] == SealedFormat.Suite1;

    /// <summary>The document as a sample if it opens under these keys, in one of the ways documents are sealed in.</summary>
    private ShreddedSample? Opened(Document document)
    {
        // A record has its schema in front (SealedRecords); values beside the audit log have none.
        var body = document.Body.ToArray();
        var schema = BinaryPrimitives.ReadInt32BigEndian(body);
        return (schema is > 0 and < 1000 ? Under(document.Key, body, "body", schema, SchemaBytes) : null)
            ?? Under(document.Key, body, "values", 1, 0);
    }

    private ShreddedSample? Under(DocumentKey key, byte[] body, string field, int schema, int offset)
    {
        foreach (var purpose in PurposeWords.All)
        {
            var sample = new ShreddedSample(keys.Tenant, 0, key.Kind.Name, key.Id, purpose, field, schema, offset, body);
            if (keys.Open(purpose, sample.ToPlace(), sample.ToValue()).Try(out var plain, out _))
            {
                plain.Dispose();
                return sample;
            }
        }

        return null;
    }
}
