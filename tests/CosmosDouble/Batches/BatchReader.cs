using Microsoft.Azure.Cosmos.Serialization.HybridRow;
using Microsoft.Azure.Cosmos.Serialization.HybridRow.IO;
using Microsoft.Azure.Cosmos.Serialization.HybridRow.RecordIO;
using PracticPro.CosmosDouble.Items;

namespace PracticPro.CosmosDouble.Batches;

/// <summary>
/// Reads a batch: a RecordIO stream of HybridRow rows, one an operation.
/// <code>
/// operationType int32   0 create, 1 patch, 2 read, 4 delete, 5 replace, 20 upsert
/// id            utf8    all but create and upsert
/// resourceBody  binary  all but read and delete
/// ifMatch, ifNoneMatch utf8; minimalReturnPreference bool
/// </code>
/// </summary>
internal static class BatchReader
{
    /// <summary>The operations, or null for what is no batch.</summary>
    public static async Task<IReadOnlyList<ItemOperation>?> ReadAsync(byte[] body)
    {
        var operations = new List<ItemOperation>();
        using var stream = new MemoryStream(body);
        var result = await stream.ReadRecordIOAsync(
            (ReadOnlyMemory<byte> row) => Read(row, operations), resizer: new MemorySpanResizer<byte>(Math.Max(body.Length, 1024)));
        return result == Result.Success ? operations : null;
    }

    private static Result Read(ReadOnlyMemory<byte> bytes, List<ItemOperation> operations)
    {
        var row = new RowBuffer(bytes.Length);
        if (!row.ReadFrom(bytes.Span, HybridRowVersion.V1, BatchSchemas.Resolver))
        {
            return Result.Failure;
        }

        var type = -1;
        var operation = new ItemOperation(ItemVerb.Read, null, ReadOnlyMemory<byte>.Empty);
        var reader = new RowReader(ref row);
        while (reader.Read())
        {
            var result = Result.Success;
            switch (reader.Path.ToString())
            {
                case "operationType":
                    result = reader.ReadInt32(out type);
                    break;
                case "id":
                    result = reader.ReadString(out string id);
                    operation = operation with { Id = id };
                    break;
                case "resourceBody":
                    result = reader.ReadBinary(out byte[] body);
                    operation = operation with { Body = body };
                    break;
                case "ifMatch":
                    result = reader.ReadString(out string ifMatch);
                    operation = operation with { IfMatch = ifMatch };
                    break;
                case "ifNoneMatch":
                    result = reader.ReadString(out string ifNoneMatch);
                    operation = operation with { IfNoneMatch = ifNoneMatch };
                    break;
                case "minimalReturnPreference":
                    result = reader.ReadBool(out var minimal);
                    operation = operation with { Minimal = minimal };
                    break;
            }

            if (result != Result.Success)
            {
                return result;
            }
        }

        if (VerbOf(type) is not { } verb)
        {
            return Result.Failure;
        }

        operations.Add(operation with { Verb = verb });
        return Result.Success;
    }

    private static ItemVerb? VerbOf(int type) => type switch
    {
        0 => ItemVerb.Create,
        1 => ItemVerb.Patch,
        2 => ItemVerb.Read,
        4 => ItemVerb.Delete,
        5 => ItemVerb.Replace,
        20 => ItemVerb.Upsert,
        _ => null,
    };
}
