using System.Collections.Immutable;
using System.Text.Json;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Published;
using PracticPro.Vault;

namespace PracticPro.Sync.Streams;

/// <summary>Items of a sort that nothing else follows from: one record each.</summary>
internal sealed class RecordMirror<T>(RecordKind<T> kind) : IMirror
    where T : MirroredItem
{
    public const string ByGeneration = "by-generation";

    public string Sort => kind.Documents.Name;

    public int Touched => 1;

    /// <summary>A kind of record for such items, with the index that a sweep needs.</summary>
    public static RecordKind<T> Kind(string name, int schema, params RecordIndex<T>[] also) => new(
        name,
        schema,
        Purpose.Records,
        static item => MirrorKey.Of(item.Connection, item.SourceId),
        [RecordIndex<T>.Readable(ByGeneration, MirrorKey.Place), .. also]);

    public async ValueTask<MirroredItem?> FindAsync(
        TenantScope scope, ConnectionId connection, string sourceId, CancellationToken cancellation) =>
        (await scope.FindAsync(kind, MirrorKey.Of(connection, sourceId), cancellation))?.Value;

    public async Task<MirrorChanges> ChangesAsync(
        TenantScope scope, ConnectionId connection, StreamName stream, StreamPart part, CancellationToken cancellation)
    {
        List<Operation> changes = [];
        var keys = part.KeysOf(connection);
        var stored = await scope.FindManyAsync(kind, keys, cancellation);
        foreach (var present in part.Present)
        {
            var before = stored.GetValueOrDefault(MirrorKey.Of(connection, present.Item.SourceId));
            if (before is null)
            {
                changes.Add(new Operation.Put(present.Record, Condition.Absent));
            }
            else if (!Canonical(before.Value).AsSpan().SequenceEqual(Canonical(present.Item)))
            {
                changes.Add(new Operation.Put(present.Record, Condition.Is(before.Version)));
            }
        }

        foreach (var gone in part.Gone)
        {
            if (stored.GetValueOrDefault(MirrorKey.Of(connection, gone)) is { } before && before.Value.Stream == stream)
            {
                changes.Add(scope.Delete(kind, MirrorKey.Of(connection, gone), Condition.Is(before.Version)));
            }
        }

        return new MirrorChanges(changes, keys.Select(kind.Key).ToHashSet());
    }

    public async Task<ImmutableArray<string>> UnseenAsync(
        TenantScope scope, ConnectionId connection, StreamName stream, int generation, int most, CancellationToken cancellation)
    {
        // Ascending by generation: the unseen ones come first.
        var page = await scope.Records.ListAsync(
            kind, ByGeneration, MirrorKey.Prefix(connection, stream), ListOrder.Ascending, most, after: null, cancellation);
        return [.. page.Items.Select(static item => item.Value).TakeWhile(item => item.Generation < generation).Select(static item => item.SourceId)];
    }

    public IEnumerable<string> FollowsFrom(MirroredItem item) => [];

    public MirroredItem Settled(TenantScope scope, MirroredItem item) => item;

    public Document Seal(TenantScope scope, MirroredItem settled) => scope.Records.Seal(kind, (T)settled);

    public byte[] Canonical(MirroredItem item) => JsonSerializer.SerializeToUtf8Bytes((T)item, JsonShapes.Stored);

    public MirroredItem Read(ReadOnlySpan<byte> canonical) =>
        JsonSerializer.Deserialize<T>(canonical, JsonShapes.Stored) ?? throw new JsonException("An item is null.");
}
