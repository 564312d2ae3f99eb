using System.Security.Cryptography;
using PracticPro.Kernel;

namespace PracticPro.Storage.Drivers;

/// <summary>
/// Where a list goes on: <c>{list}/{id}/{value}</c>, the last document of the page before. <c>list</c> is the first
/// 8 bytes of a hash of kind, index, order and prefix in hexadecimal: a cursor serves the list it came from only.
/// It is no secret and no proof; whoever makes one up reads their own tenant's list from another place.
/// </summary>
internal static class ListCursor
{
    public static Cursor After(ListQuery query, StoredDocument last) =>
        Cursor.At($"{ListMark(query)}/{last.Document.Key.Id}/{last.Document.IndexValues[query.Index]}");

    /// <summary>The place to go on after, or the place before the first.</summary>
    /// <exception cref="CursorOfAnotherListException">The cursor is another list's.</exception>
    public static (byte[] Value, string Id) Start(ListQuery query, byte[] prefix)
    {
        if (query.After is not { } after)
        {
            // No id is empty, so an empty one comes before every document with the same value.
            return (query.Order == ListOrder.Ascending ? prefix : End(prefix), string.Empty);
        }

        var parts = after.Position.Split('/', 3);
        if (parts.Length != 3 || parts[0] != ListMark(query)
            || !parts[2].StartsWith(query.Prefix, StringComparison.Ordinal))
        {
            throw new CursorOfAnotherListException();
        }

        return (StorageLimits.Utf8.GetBytes(parts[2]), parts[1]);
    }

    /// <summary>Above every value with the prefix: 0xFF is in no UTF-8 text.</summary>
    public static byte[] End(byte[] prefix) => [.. prefix, 0xFF];

    private static string ListMark(ListQuery query)
    {
        var list = string.Join('\n', query.Kind.Name, query.Index, query.Order.ToString(), query.Prefix);
        return Convert.ToHexStringLower(SHA256.HashData(StorageLimits.Utf8.GetBytes(list)).AsSpan(0, 8));
    }
}
