using System.Text.Json;
using PracticPro.Kernel;
using PracticPro.Vault;

namespace PracticPro.Tests.Vault;

/// <summary>
/// Streams of format version 1, suite 2, written by a second implementation (make-seal-stream-v1.py). Every later program
/// opens them.
/// </summary>
public sealed class GoldenStreamTests
{
    private sealed record Line(
        TenantId Tenant, string Purpose, uint Generation, byte[] Key,
        string Kind, string Id, string Field, int Schema, int Length, byte[] Sealed);

    [Fact]
    [Trait("Promise", "ENC-1")]
    public async Task Streams_of_version_1_open()
    {
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Vault", "Golden", "seal-stream-v1.jsonl"))
            .Select(line => JsonSerializer.Deserialize<Line>(line, JsonShapes.Stored)!)
            .ToList();

        Assert.Equal([0, 5, 65_536, 65_537], lines.Select(line => line.Length));
        foreach (var line in lines)
        {
            var purpose = PurposeWords.All.Single(each => each.Word() == line.Purpose);
            var keys = TestKeys.Of(line.Tenant, (purpose, line.Generation, line.Key));
            var context = new SealContext(line.Kind, line.Id, line.Field, line.Schema);

            await using var opened = (await SealedStreams.OpenAsync(
                keys, purpose, context, new MemoryStream(line.Sealed), TestContext.Current.CancellationToken)).Expect();
            using var plain = new MemoryStream();
            await opened.CopyToAsync(plain, TestContext.Current.CancellationToken);

            Assert.Equal(Enumerable.Range(0, line.Length).Select(at => (byte)(at % 251)), plain.ToArray());

            await using var seekable = (await SealedStreams.OpenSeekableAsync(
                keys, purpose, context, new MemoryStream(line.Sealed), TestContext.Current.CancellationToken)).Expect();
            Assert.Equal(line.Length, seekable.Length);
        }
    }
}
