using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;

namespace PracticPro.Vault;

/// <summary>
/// One declared index of a record kind. What it holds lies unsealed in the database, so there are two sorts only:
/// readable (states, times and ids, never content) and blind (a keyed hash of content, for equality).
/// </summary>
internal sealed class RecordIndex<T>
{
    private readonly Func<T, string?> select;
    private readonly bool isBlind;

    private RecordIndex(string name, Func<T, string?> select, bool isBlind)
    {
        (Name, this.select, this.isBlind) = (name, select, isBlind);
    }

    public string Name { get; }

    /// <summary>
    /// Readable by whoever holds the database. Build the text with <see cref="IndexText"/>. Null: not in the index.
    /// </summary>
    public static RecordIndex<T> Readable(string name, Func<T, string?> stateTimeOrId) =>
        new(name, stateTimeOrId, false);

    /// <summary>
    /// Hashed under the tenant's key: can be looked up by the whole value only. Null: not in the index.
    /// </summary>
    /// <param name="normalised">The content in its one spelling.</param>
    public static RecordIndex<T> Blind(string name, Func<T, string?> normalised) => new(name, normalised, true);

    /// <summary>What is stored for a record.</summary>
    internal string? ValueOf(T record, TenantKeys keys, Purpose purpose, string kind) =>
        select(record) is { } value ? Stored(value, keys, purpose, kind) : null;

    internal string Stored(string value, TenantKeys keys, Purpose purpose, string kind) =>
        isBlind ? Base64Url.EncodeToString(keys.BlindIndex(purpose, $"{kind}/{Name}", value)) : value;
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
