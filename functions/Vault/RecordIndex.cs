using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using PracticPro.Kernel;

namespace PracticPro.Vault;

/// <summary>
/// One declared index of a record kind. What it holds lies unsealed in the database, so there are two sorts only:
/// readable (states, times and ids, never content) and blind (a keyed hash of content, for equality).
/// </summary>
internal sealed class RecordIndex<T>
{
    private readonly Func<T, string?> select;

    private RecordIndex(string name, Func<T, string?> select, IndexSort sort)
    {
        (Name, this.select, Sort) = (name, select, sort);
    }

    public string Name { get; }

    public IndexSort Sort { get; }

    /// <summary>
    /// Readable by whoever holds the database. Build the text with <see cref="IndexText"/>. Null: not in the index.
    /// </summary>
    public static RecordIndex<T> Readable(string name, Func<T, string?> stateTimeOrId) =>
        new(name, stateTimeOrId, IndexSort.Readable);

    /// <summary>
    /// Hashed under the tenant's key: can be looked up by the whole value only. Null: not in the index.
    /// </summary>
    /// <param name="normalised">The content in its one spelling.</param>
    public static RecordIndex<T> Blind(string name, Func<T, string?> normalised) => new(name, normalised, IndexSort.Blind);

    /// <summary>Blind, of a mail address: met by every spelling of it that <see cref="EmailAddress.TryRead"/> reads.</summary>
    public static RecordIndex<T> BlindEmail(string name, Func<T, EmailAddress?> address) =>
        new(name, record => address(record)?.Normalised, IndexSort.BlindEmail);

    /// <summary>Blind, of a telephone number: met by every spelling of it that <see cref="PhoneNumber.TryParse"/> reads.</summary>
    public static RecordIndex<T> BlindPhone(string name, Func<T, PhoneNumber?> number) =>
        new(name, record => number(record)?.Text, IndexSort.BlindPhone);

    /// <summary>What is stored for a record.</summary>
    internal string? ValueOf(T record, TenantKeys keys, Purpose purpose, string kind) =>
        select(record) is { } value ? Stored(value, keys, purpose, kind) : null;

    internal string Stored(string value, TenantKeys keys, Purpose purpose, string kind) =>
        Sort != IndexSort.Readable ? Base64Url.EncodeToString(keys.BlindIndex(purpose, $"{kind}/{Name}", value)) : value;
}

/// <summary>What an index holds, and so by what it may be asked.</summary>
internal enum IndexSort
{
    Readable,
    Blind,
    BlindEmail,
    BlindPhone,
}

/// <summary>Texts for readable indexes whose ordinal order is the order of what they stand for.</summary>
internal static class IndexText
{
    /// <summary>UTC to the tick, always 28 characters.</summary>
    public static string Time(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>A state as it is spelled in stored JSON.</summary>
    public static string State<TState>(TState state)
        where TState : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(state.ToString());
}
