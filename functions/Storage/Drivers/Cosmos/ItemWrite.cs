using System.Collections.Immutable;

namespace PracticPro.Storage.Drivers.Cosmos;

/// <summary>One operation of a batch on a partition. The set is closed.</summary>
internal abstract record ItemWrite(string Name)
{
    /// <summary>Refused (409) when there is one of that name.</summary>
    public sealed record Create(string Name, ReadOnlyMemory<byte> Text) : ItemWrite(Name);

    /// <summary>Refused (404, 412) unless the item is at that version.</summary>
    public sealed record Replace(string Name, ReadOnlyMemory<byte> Text, string Version) : ItemWrite(Name);

    public sealed record Upsert(string Name, ReadOnlyMemory<byte> Text) : ItemWrite(Name);

    /// <summary>Refused (404) when there is none, and (412) when it is not at the version, if one is named.</summary>
    public sealed record Delete(string Name, string? Version = null) : ItemWrite(Name);
}

/// <param name="Id">Borne by every item that is written.</param>
/// <param name="Writes">1–99, each another item.</param>
/// <param name="Witness">
/// Index of the item that tells for sure whether the write went through, since nobody changes what it bears: a chunk of a
/// log, or a message. Null when there is none: then the items themselves are asked, which others may have changed.
/// </param>
internal sealed record PartitionWrite(WriteId Id, IReadOnlyList<ItemWrite> Writes, int? Witness = null);

internal abstract record WriteOutcome
{
    private WriteOutcome()
    {
    }

    /// <summary>All of it is stored.</summary>
    /// <param name="Versions">
    /// The version each write gave its item. <see cref="Superseded"/> where another has changed it since.
    /// </param>
    public sealed record Stored(ImmutableArray<string> Versions) : WriteOutcome
    {
        /// <summary>A version that no item has.</summary>
        public const string Superseded = "\"superseded\"";
    }

    /// <summary>None of it is stored, nor will be: what that write asks for does not hold.</summary>
    public sealed record Refused(int At) : WriteOutcome;
}
