using System.Text.Json;
using System.Text.Json.Serialization;

namespace PracticPro.CosmosDouble.Journals;

/// <summary>
/// What was committed, in order, one line of JSON a transaction, so that a killed process finds it again. A line counts
/// when its end is there: a torn last line was never answered and is cut off. A line reaches the operating system before
/// its write is answered; the disk may be later, so that a power cut is not survived.
/// </summary>
internal sealed class Journal : IDisposable
{
    private const string FileName = "journal.jsonl";

    private static readonly JsonSerializerOptions Format = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        MaxDepth = 160,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly Lock gate = new();
    private readonly FileStream? file;

    private Journal(FileStream? file) => this.file = file;

    /// <summary>For a double that forgets: nothing is written, nothing is found.</summary>
    public static Journal InMemory() => new(null);

    /// <summary>The journal of the folder; made, with the folder, when there is none. One process has it at a time.</summary>
    public static Journal Open(string folder)
    {
        Directory.CreateDirectory(folder);
        return new(new FileStream(
            Path.Combine(folder, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0));
    }

    /// <summary>All whole lines there are. Called once, before the first append.</summary>
    public IEnumerable<JournalLine> Replay()
    {
        if (file is null)
        {
            yield break;
        }

        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var start = 0;
        for (var end = Array.IndexOf(bytes, (byte)'\n'); end >= 0; end = Array.IndexOf(bytes, (byte)'\n', start))
        {
            yield return JsonSerializer.Deserialize<JournalLine>(bytes.AsSpan(start, end - start), Format)!;
            start = end + 1;
        }

        file.SetLength(start);
        file.Position = start;
    }

    public void Append(JournalLine line)
    {
        if (file is null)
        {
            return;
        }

        byte[] bytes = [.. JsonSerializer.SerializeToUtf8Bytes(line, Format), (byte)'\n'];
        lock (gate)
        {
            file.Write(bytes);
        }
    }

    public void Dispose() => file?.Dispose();
}
