using System.Text.Json;

namespace PracticPro.Azurite.Front;

/// <summary>
/// The rules of every blob that has some, in a journal: a line is written before the call it is about is answered, so a
/// kill at any moment loses no rule. A blob that is being written has its rules noted beforehand as to come: whether it
/// came to be is then seen by whether it is there.
/// </summary>
internal sealed class RuleBook : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, BlobRules> kept = new(StringComparer.Ordinal);
    private readonly Dictionary<string, BlobRules> coming = new(StringComparer.Ordinal);
    private readonly StreamWriter journal;

    public RuleBook(string file)
    {
        var lines = File.Exists(file) ? File.ReadAllLines(file) : [];
        foreach (var line in lines)
        {
            if (TryRead(line) is { } entry)
            {
                Take(entry);
            }
        }

        // Written anew, without what is no more; under another name until it is whole.
        using (var fresh = new StreamWriter(file + ".new"))
        {
            foreach (var (blob, rules) in kept)
            {
                fresh.WriteLine(JsonSerializer.Serialize(new Entry(blob, rules, Coming: false)));
            }

            foreach (var (blob, rules) in coming)
            {
                fresh.WriteLine(JsonSerializer.Serialize(new Entry(blob, rules, Coming: true)));
            }
        }

        File.Move(file + ".new", file, overwrite: true);
        journal = new StreamWriter(new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.Read)) { AutoFlush = true };
    }

    /// <summary>The rules of a blob, if it is there; whoever asks must see to that.</summary>
    public BlobRules Find(string blob)
    {
        lock (gate)
        {
            return kept.GetValueOrDefault(blob) ?? coming.GetValueOrDefault(blob) ?? BlobRules.None;
        }
    }

    /// <summary>The blob has these rules from now on, or none.</summary>
    public void Keep(string blob, BlobRules rules) => Write(new Entry(blob, rules, Coming: false));

    /// <summary>A blob that may be written now will have these rules.</summary>
    public void Expect(string blob, BlobRules rules) => Write(new Entry(blob, rules, Coming: true));

    /// <summary>It was not written.</summary>
    public void NoLongerExpect(string blob) => Write(new Entry(blob, BlobRules.None, Coming: true));

    public void Dispose() => journal.Dispose();

    // The last line of a journal may be cut short by a kill: its call was not answered.
    private static Entry? TryRead(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<Entry>(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Write(Entry entry)
    {
        lock (gate)
        {
            journal.WriteLine(JsonSerializer.Serialize(entry));
            Take(entry);
        }
    }

    private void Take(Entry entry)
    {
        var book = entry.Coming ? coming : kept;
        if (entry.Rules.IsNone)
        {
            book.Remove(entry.Blob);
        }
        else
        {
            book[entry.Blob] = entry.Rules;
        }

        if (!entry.Coming)
        {
            coming.Remove(entry.Blob);
        }
    }

    private sealed record Entry(string Blob, BlobRules Rules, bool Coming);
}
