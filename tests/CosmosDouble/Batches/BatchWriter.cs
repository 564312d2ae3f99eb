using Microsoft.Azure.Cosmos.Serialization.HybridRow;
using Microsoft.Azure.Cosmos.Serialization.HybridRow.IO;
using Microsoft.Azure.Cosmos.Serialization.HybridRow.Layouts;
using Microsoft.Azure.Cosmos.Serialization.HybridRow.RecordIO;
using Microsoft.Azure.Cosmos.Serialization.HybridRow.Schemas;

namespace PracticPro.CosmosDouble.Batches;

/// <summary>One row of the answer to a batch.</summary>
internal sealed record BatchRow(int Status, int SubStatus, string? ETag, byte[]? Body, double Charge);

/// <summary>Writes the answer to a batch, in the format of <see cref="BatchReader"/>.</summary>
internal static class BatchWriter
{
    private const string NoSchema = """{"name":"answer","version":"v1","schemas":[]}""";
    private const int FirstSize = 4096;

    public static async Task<byte[]> WriteAsync(IReadOnlyList<BatchRow> rows)
    {
        using var stream = new MemoryStream();
        var result = await stream.WriteRecordIOAsync(
            new Segment("batch answer", Namespace.Parse(NoSchema)),
            (long index, out ReadOnlyMemory<byte> row) =>
            {
                row = ReadOnlyMemory<byte>.Empty;
                return index < rows.Count ? Write(rows[(int)index], out row) : Result.Success;
            });
        return result == Result.Success ? stream.ToArray() : throw new InvalidDataException("The batch answer could not be written.");
    }

    private static Result Write(BatchRow given, out ReadOnlyMemory<byte> bytes)
    {
        var row = new RowBuffer(FirstSize, new MemorySpanResizer<byte>(FirstSize));
        row.InitLayout(HybridRowVersion.V1, BatchSchemas.Result, BatchSchemas.Resolver);
        var result = RowWriter.WriteBuffer(ref row, given, WriteFields);
        using var stream = new MemoryStream();
        row.WriteTo(stream);
        bytes = stream.ToArray();
        return result;
    }

    private static Result WriteFields(ref RowWriter writer, TypeArgument type, BatchRow given)
    {
        var result = writer.WriteInt32("statusCode", given.Status);
        if (result == Result.Success && given.SubStatus != 0)
        {
            result = writer.WriteInt32("subStatusCode", given.SubStatus);
        }

        if (result == Result.Success && given.ETag is not null)
        {
            result = writer.WriteString("eTag", given.ETag);
        }

        if (result == Result.Success && given.Body is not null)
        {
            result = writer.WriteBinary("resourceBody", given.Body);
        }

        return result == Result.Success ? writer.WriteFloat64("requestCharge", given.Charge) : result;
    }
}
