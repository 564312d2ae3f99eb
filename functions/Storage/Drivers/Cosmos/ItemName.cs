using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PracticPro.Storage.Drivers.Cosmos;

/// <summary>
/// The ids of items in a tenant's partition. A letter for the kind, then names joined by colons. What a caller chose is
/// written with <c>~xx</c> for each symbol that is no letter, digit, dot, hyphen or underline, so that no id needs
/// escaping on its way (it is part of an address there). At most 704 of the 1,023 bytes an id may have.
/// </summary>
internal static class ItemName
{
    /// <summary>Before the name of every document.</summary>
    public const string FirstDocument = "d:";

    /// <summary>After the name of every document: <c>;</c> comes next after the colon.</summary>
    public const string AfterDocuments = "d;";

    public static string Document(DocumentKey key) => $"d:{key.Kind.Name}:{Plain(key.Id)}";

    /// <summary>The kind of the document of that name.</summary>
    public static string KindOfDocument(string name) =>
        name.Split(':') is ["d", var kind, _]
            ? kind
            : throw new StorageCorruptException("a document is not named as this program names it");

    /// <summary>A chunk of a log is named by its first index: two writers cannot both take that.</summary>
    public static string Chunk(LogName log, long first) =>
        string.Create(CultureInfo.InvariantCulture, $"l:{log.Text}:{first:D19}");

    /// <summary>A message with a deduplication key has one possible name on its queue.</summary>
    public static string Message(QueueName queue, string key) =>
        $"m:{queue.Text}:{Convert.ToHexStringLower(SHA256.HashData(StorageLimits.Utf8.GetBytes(key)))}";

    public static string NewMessage(QueueName queue) => $"m:{queue.Text}:{NewText()}";

    public static string Lease(LeaseName name) => $"s:{Plain(name.Text)}";

    /// <summary>While this item is there, the home takes writes of the placement with that epoch.</summary>
    public static string Gate(long epoch) => string.Create(CultureInfo.InvariantCulture, $"g:{epoch}");

    /// <summary>While this item is there, the home takes the records that mover copies to it.</summary>
    public static string CopyGate(string mover) => $"g:copy:{mover}";

    /// <summary>While this item is there, a home that was left may be emptied.</summary>
    public static string PurgeGate(long epoch) => string.Create(CultureInfo.InvariantCulture, $"g:purge:{epoch}");

    /// <summary>Items that belong to a home and not to the tenant: a move neither copies nor compares them.</summary>
    public static bool IsOfTheHome(string id) => id.StartsWith("g:", StringComparison.Ordinal);

    /// <summary>128 bits of chance in hexadecimal.</summary>
    public static string NewText() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    private static string Plain(string text)
    {
        if (text.All(IsPlain))
        {
            return text;
        }

        var name = new StringBuilder(text.Length * 2);
        foreach (var symbol in text)
        {
            _ = IsPlain(symbol)
                ? name.Append(symbol)
                : name.Append(CultureInfo.InvariantCulture, $"~{(int)symbol:x2}");
        }

        return name.ToString();
    }

    private static bool IsPlain(char symbol) => char.IsAsciiLetterOrDigit(symbol) || symbol is '.' or '-' or '_';
}

/// <summary>Chance that one write carries in all its items: whoever finds it there knows that the write went through.</summary>
internal readonly record struct WriteId(string Text)
{
    public static WriteId New() => new(ItemName.NewText());
}
