using System.Text.Json;
using PracticPro.Kernel;
using PracticPro.Vault;

namespace PracticPro.Tests.Vault;

/// <summary>
/// Values of format version 1, written by a second implementation (make-seal-v1.py). Every later program opens them.
/// </summary>
public sealed class GoldenSealTests
{
    private sealed record Line(
        TenantId Tenant, string Purpose, uint Generation, byte[] Key,
        string Kind, string Id, string Field, int Schema, byte[] Plaintext, byte[] Sealed);

    [Fact]
    [Trait("Promise", "ENC-1")]
    public void Values_of_version_1_open()
    {
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Vault", "Golden", "seal-v1.jsonl"))
            .Select(line => JsonSerializer.Deserialize<Line>(line, JsonShapes.Stored)!)
            .ToList();

        Assert.Equal(7, lines.Count);
        foreach (var line in lines)
        {
            var purpose = PurposeWords.All.Single(each => each.Word() == line.Purpose);
            var keys = TestKeys.Of(line.Tenant, (purpose, line.Generation, line.Key));
            var context = new SealContext(line.Kind, line.Id, line.Field, line.Schema);

            using var plain = keys.Open(purpose, context, new SealedBytes(line.Sealed)).Expect();

            Assert.Equal(line.Plaintext, plain.Span.ToArray());
        }
    }
}
