using System.Text;
using System.Text.Json;
using PracticPro.CosmosDouble.Charges;
using PracticPro.CosmosDouble.Partitions;
using PracticPro.CosmosDouble.State;
using PracticPro.CosmosDouble.Wire;

namespace PracticPro.CosmosDouble.Items;

/// <summary>Carries out one operation in a draft, by the service's rules of conditions, ids, keys and sizes.</summary>
internal static class ItemExecution
{
    /// <summary>Largest item, bytes of UTF-8 JSON. Source: Microsoft Learn, "Azure Cosmos DB service quotas".</summary>
    public const int LargestItem = 2 * 1024 * 1024;

    private const int LongestId = 1023;

    public static ItemResult Run(ItemOperation operation, PartitionDraft draft, PartitionKeyValue key)
    {
        if (operation.IfNoneMatch is not null && operation.Verb != ItemVerb.Read)
        {
            return ItemResult.Of(Refusal.BadRequest("If-None-Match has a meaning for reads only."));
        }

        return operation.Verb switch
        {
            ItemVerb.Read => Read(operation, draft),
            ItemVerb.Delete => Delete(operation, draft),
            ItemVerb.Patch => Patch(operation, draft, key),
            _ => Write(operation, draft, key),
        };
    }

    private static ItemResult Read(ItemOperation operation, PartitionDraft draft)
    {
        if (draft.Find(operation.Id!) is not { } item)
        {
            return ItemResult.Of(Refusal.NotFound, RequestUnits.PointRead(0) * draft.ReadFactor);
        }

        return operation.IfNoneMatch is { } known && (known == "*" || known == item.ETag)
            ? new ItemResult(304, RequestUnits.PointRead(0) * draft.ReadFactor, item)
            : new ItemResult(200, RequestUnits.PointRead(item.Body.Length) * draft.ReadFactor, item);
    }

    private static ItemResult Delete(ItemOperation operation, PartitionDraft draft)
    {
        var (item, refusal) = FindToChange(operation, draft);
        if (item is null)
        {
            return ItemResult.Of(refusal!);
        }

        draft.Remove(item.Id);
        return new ItemResult(204, RequestUnits.Write(item, draft.Definition.Indexing));
    }

    private static ItemResult Patch(ItemOperation operation, PartitionDraft draft, PartitionKeyValue key)
    {
        var (item, refusal) = FindToChange(operation, draft);
        if (item is null)
        {
            return ItemResult.Of(refusal!);
        }

        var (patched, problem) = PatchDocument.Apply(operation.Body, item.Root);
        return problem is null ? Put(item.Id, JsonSerializer.SerializeToElement(patched), item, draft, key, operation) : ItemResult.Of(problem);
    }

    private static ItemResult Write(ItemOperation operation, PartitionDraft draft, PartitionKeyValue key)
    {
        if (ItemJson.Parse(operation.Body) is not { } item)
        {
            return ItemResult.Of(Refusal.BadRequest("The body is not a JSON object of at most 128 levels with no name twice."));
        }

        if (!item.TryGetProperty("id", out var id) || id.ValueKind != JsonValueKind.String)
        {
            return ItemResult.Of(Refusal.BadRequest("The required property 'id' is missing."));
        }

        var name = id.GetString()!;
        var old = draft.Find(operation.Verb == ItemVerb.Replace ? operation.Id! : name);
        if (operation.Verb == ItemVerb.Create && old is not null)
        {
            return ItemResult.Of(Refusal.Conflict);
        }

        if (operation.Verb == ItemVerb.Replace && old is null)
        {
            return ItemResult.Of(Refusal.NotFound);
        }

        if (old is not null && old.Id != name)
        {
            return ItemResult.Of(Refusal.Unknown("a replacement that changes the id"));
        }

        // An upsert of what is not there creates it, whatever If-Match says.
        return old is not null && !Matches(operation.IfMatch, old)
            ? ItemResult.Of(Refusal.Changed)
            : Put(name, item, old, draft, key, operation);
    }

    private static ItemResult Put(
        string id, JsonElement item, StoredItem? old, PartitionDraft draft, PartitionKeyValue key, ItemOperation operation)
    {
        if (Problem(id, item, draft, key) is { } problem)
        {
            return ItemResult.Of(problem);
        }

        var stored = draft.Put(id, item);
        if (stored.Body.Length > LargestItem)
        {
            return ItemResult.Of(Refusal.TooLarge("Request size is too large."));
        }

        var charge = RequestUnits.Write(stored, draft.Definition.Indexing)
            + (old is null ? 0 : RequestUnits.Write(old, draft.Definition.Indexing));
        return new ItemResult(old is null ? 201 : 200, charge, stored);
    }

    private static Refusal? Problem(string id, JsonElement item, PartitionDraft draft, PartitionKeyValue key)
    {
        if (Encoding.UTF8.GetByteCount(id) > LongestId || ResourceNames.Problem(id) is not null)
        {
            return Refusal.BadRequest(ResourceNames.Problem(id)!);
        }

        if (PartitionKeyValue.OfItem(item, draft.Definition.PartitionKeyPaths) != key)
        {
            return new Refusal(
                400, Refusal.KeysDiffer, "PartitionKey extracted from document doesn't match the one specified in the header.");
        }

        if (item.TryGetProperty("ttl", out var ttl) && ttl.ValueKind != JsonValueKind.Null
            && (ttl.ValueKind != JsonValueKind.Number || !ttl.TryGetInt32(out var seconds) || seconds is 0 or < -1))
        {
            return Refusal.BadRequest("The input ttl is invalid: a positive whole number of seconds, or -1.");
        }

        return draft.Definition.UniqueKeys.Any(unique => draft.Others(id).Any(other => SameAt(unique, other.Root, item)))
            ? new Refusal(409, 0, "Unique index constraint violation.")
            : null;
    }

    private static (StoredItem? Item, Refusal? Refusal) FindToChange(ItemOperation operation, PartitionDraft draft)
    {
        var item = draft.Find(operation.Id!);
        return item is null ? (null, Refusal.NotFound)
            : Matches(operation.IfMatch, item) ? (item, null)
            : (null, Refusal.Changed);
    }

    private static bool Matches(string? ifMatch, StoredItem item) => ifMatch is null or "*" || ifMatch == item.ETag;

    private static bool SameAt(IReadOnlyList<string> paths, JsonElement one, JsonElement other) =>
        PartitionKeyValue.OfItem(one, paths) is { } value && value == PartitionKeyValue.OfItem(other, paths);
}
