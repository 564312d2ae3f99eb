using PracticPro.Kernel;

namespace PracticPro.Storage.Drivers;

/// <summary>
/// Where a walk goes on: <c>walk/{kind}/{id}</c>, the key of the last document of the page before. It is a place among
/// keys and nothing else, so it holds also when that document is gone, and in another home of the same tenant.
/// </summary>
internal static class WalkCursor
{
    private const string Mark = "walk";

    public static Cursor After(StoredDocument last) =>
        Cursor.At($"{Mark}/{last.Document.Key.Kind.Name}/{last.Document.Key.Id}");

    /// <summary>The key to go on after, or null before the first.</summary>
    /// <exception cref="CursorOfAnotherListException">The cursor is not from a walk.</exception>
    public static DocumentKey? Start(Cursor? after)
    {
        if (after is not { } cursor)
        {
            return null;
        }

        if (cursor.Position.Split('/') is not [Mark, var kind, var id])
        {
            throw new CursorOfAnotherListException();
        }

        var key = DocumentKind.Of(kind).Key(id);
        try
        {
            StorageLimits.Check(key);
        }
        catch (ArgumentException)
        {
            throw new CursorOfAnotherListException();
        }

        return key;
    }

    /// <summary>A kind that only the store names: it declares what it has values for.</summary>
    public static DocumentKind Kind(string name, IEnumerable<string> indexes) =>
        new(name, [.. indexes.Order(StringComparer.Ordinal)]);

    /// <summary>The page, of documents of which one more than fits was read if there is one.</summary>
    public static Page<StoredDocument> Page(IReadOnlyList<StoredDocument> read, int limit) => read.Count > limit
        ? new Page<StoredDocument>([.. read.Take(limit)], After(read[limit - 1]))
        : new Page<StoredDocument>(read, null);
}
