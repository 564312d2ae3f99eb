using System.Text.Encodings.Web;
using System.Text.Json;
using PracticPro.CosmosDouble.Wire;

namespace PracticPro.CosmosDouble.Feeds;

/// <summary>
/// A page of rows as it is written: <c>{"_rid", "Documents": […], "_count"}</c>. It is full when it holds the number of
/// rows that was asked for, or four megabytes; one row always fits.
/// </summary>
internal sealed class FeedPage : IDisposable
{
    private const int LargestBytes = 4 * 1024 * 1024;
    private const int RowsUnlessSaid = 100;
    private const int RowsAtMost = 1000;

    private readonly MemoryStream stream = new();
    private readonly Utf8JsonWriter writer;
    /// <param name="asked">Value of the header; null and -1 leave it to the service.</param>
    public FeedPage(string containerRid, int? asked)
    {
        Most = asked switch
        {
            null or 0 => RowsUnlessSaid,
            < 0 => RowsAtMost,
            { } number => number,
        };
        writer = new Utf8JsonWriter(stream, new JsonWriterOptions
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            SkipValidation = true,
        });
        writer.WriteStartObject();
        writer.WriteString("_rid", containerRid);
        writer.WriteStartArray("Documents");
    }

    /// <summary>Rows at most.</summary>
    public int Most { get; }

    public int Count { get; private set; }

    public bool IsFull(int nextBytes) =>
        Count >= Most || (Count > 0 && writer.BytesCommitted + writer.BytesPending + nextBytes > LargestBytes);

    public void Add(ReadOnlySpan<byte> row)
    {
        writer.WriteRawValue(row, skipInputValidation: true);
        Count++;
    }

    public void Add(Action<Utf8JsonWriter> write)
    {
        write(writer);
        Count++;
    }

    public CosmosAnswer Finish()
    {
        writer.WriteEndArray();
        writer.WriteNumber("_count", Count);
        writer.WriteEndObject();
        writer.Flush();
        return new CosmosAnswer(200, stream.ToArray()) { ItemCount = Count };
    }

    public void Dispose()
    {
        writer.Dispose();
        stream.Dispose();
    }
}
