using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using PracticPro.CosmosDouble.Items;
using PracticPro.CosmosDouble.Partitions;
using PracticPro.CosmosDouble.State;

namespace PracticPro.CosmosDouble.Journals;

/// <summary>One thing that happened, as a line of JSON. Exactly one of the properties is set.</summary>
internal sealed record JournalLine
{
    /// <summary>A database was made: its whole resource.</summary>
    public JsonObject? Database { get; init; }

    /// <summary>The database with this <c>_rid</c> and all in it went.</summary>
    public string? DatabaseGone { get; init; }

    public ContainerMade? Container { get; init; }

    /// <summary>The container with this <c>_rid</c> went.</summary>
    public string? ContainerGone { get; init; }

    public ContainerRedefined? Redefined { get; init; }

    public ItemsChanged? Items { get; init; }

    public RangesChanged? Ranges { get; init; }

    /// <summary>A user or a permission was made or replaced: its whole resource.</summary>
    public JsonObject? Grant { get; init; }

    /// <summary>The user or permission with this <c>_self</c> went.</summary>
    public string? GrantGone { get; init; }

    public static JournalLine Of(ContainerState container, Transaction transaction) => new()
    {
        Items = new ItemsChanged(
            container.Rid,
            transaction.Lsn,
            transaction.Key.Text,
            [.. transaction.Changes.Select(change => new ItemLine(change.Id, change.Item?.Root))]),
    };

    public static JournalLine Of(ContainerState container, RangeMap ranges) => new() { Ranges = new RangesChanged(container.Rid, ranges) };

    public static JournalLine OfDefinition(ContainerState container, ContainerDefinition definition) =>
        new() { Redefined = new ContainerRedefined(container.Rid, definition.Properties) };

    internal sealed record ContainerMade(string DatabaseRid, JsonObject Properties, RangeMap Ranges);

    internal sealed record ContainerRedefined(string Rid, JsonObject Properties);

    internal sealed record ItemsChanged(string ContainerRid, long Lsn, string Key, IReadOnlyList<ItemLine> Changes)
    {
        public Transaction ToTransaction()
        {
            var key = PartitionKeyValue.Parse(Key)!;
            return new(key, Lsn, [.. Changes.Select(line => new ItemChange(line.Id, Item(line)))]);

            StoredItem? Item(ItemLine line) =>
                line.Body is { } body ? StoredItem.Read(key, Encoding.UTF8.GetBytes(body.GetRawText())) : null;
        }
    }

    internal sealed record RangesChanged(string ContainerRid, RangeMap Map);

    /// <summary>An item as it was put, or, without a body, one that was removed.</summary>
    internal sealed record ItemLine(string Id, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonElement? Body);
}
