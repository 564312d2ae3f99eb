namespace PracticPro.Storage.Drivers.Cosmos;

/// <summary>
/// What an index orders by: <c>{kind}/{value in hexadecimal}.{id}</c>. Texts are compared symbol by symbol there, and
/// hexadecimal keeps the order of bytes; the dot comes before every digit, so a value comes before those it begins; the
/// id makes the order total. One range on one path so answers every list, and any key is a place to go on after.
/// </summary>
internal static class SortKey
{
    public static string Of(DocumentKind kind, ReadOnlySpan<byte> value, string id) =>
        $"{kind.Name}/{Convert.ToHexStringLower(value)}.{id}";

    /// <summary>At or below every key whose value begins with the prefix.</summary>
    public static string First(DocumentKind kind, ReadOnlySpan<byte> prefix) =>
        $"{kind.Name}/{Convert.ToHexStringLower(prefix)}";

    /// <summary>Above every key whose value begins with the prefix: no hexadecimal digit comes after <c>f</c>.</summary>
    public static string End(DocumentKind kind, ReadOnlySpan<byte> prefix) => First(kind, prefix) + 'g';

    /// <summary>The value in a key.</summary>
    /// <exception cref="StorageCorruptException">It is no such key.</exception>
    public static string ValueOf(string key)
    {
        var from = key.IndexOf('/', StringComparison.Ordinal) + 1;
        var to = key.IndexOf('.', StringComparison.Ordinal);
        try
        {
            return StorageLimits.Utf8.GetString(Convert.FromHexString(key.AsSpan(from, to - from)));
        }
        catch (Exception trouble) when (trouble is ArgumentException or FormatException)
        {
            throw new StorageCorruptException("the index values of a document cannot be read", trouble);
        }
    }
}
