using PracticPro.Tests.Vault;
using PracticPro.Vault;
using static PracticPro.Tests.Cli.ScratchSealer;

namespace PracticPro.Tests.Cli;

/// <summary>
/// Published cases through the verbs: each message goes in and comes back, in a place made of the case's associated data; and
/// what the publisher changed in a case that must not open is changed in ours, and does not open either.
/// </summary>
[Trait("Promise", "ENC-1")]
public sealed class SealVectorsTests : IDisposable
{
    private readonly ScratchSealer shell = new();

    public static TheoryData<string> Books => ["wycheproof", "nist"];

    [Theory]
    [MemberData(nameof(Books))]
    public async Task Every_message_comes_back_and_every_changed_case_is_refused(string book)
    {
        var vectors = (book == "nist" ? PublishedVectors.NistGcm : PublishedVectors.WycheproofGcm)
            .Where(vector => vector.Message is not null).ToList();
        var values = (await shell.SealAsync([.. vectors.Select(vector => At(vector, "plaintext", vector.Message!))]))
            .Select(line => Convert.FromBase64String(Value(line, "sealed"))).ToList();

        var opened = await shell.OpenAsync([.. vectors.Select((vector, at) => At(vector, "sealed", values[at]))]);
        Assert.Equal(vectors.Select(vector => Convert.ToBase64String(vector.Message!)), opened.Select(line => Value(line, "plaintext")));

        var changed = vectors.Select((vector, at) => (vector, value: Changed(vector, values[at]))).Where(one => !one.vector.IsValid).ToList();
        var refused = await shell.OpenAsync([.. changed.Select(one => At(one.vector, "sealed", one.value))]);
        Assert.Equal(book == "nist" ? 0 : 27, refused.Count);
        Assert.All(refused, line => Assert.Equal("sealed-not-authentic", Value(line, "error")));
    }

    [Fact]
    public async Task Every_case_of_a_derivation_goes_in_and_comes_back()
    {
        var lines = PublishedVectors.WycheproofHkdf.Select(vector => (
            Id: Text(vector.Salt), Field: Text(vector.Context), Bytes: Convert.ToBase64String([.. vector.Input, .. vector.Output]))).ToList();

        var values = await shell.SealAsync([.. lines.Select(one => Line("test-a", one.Id, "plaintext", one.Bytes, field: one.Field))]);
        var opened = await shell.OpenAsync(
            [.. lines.Select((one, at) => Line("test-a", one.Id, "sealed", Value(values[at], "sealed"), field: one.Field))]);

        Assert.Equal(lines.Select(one => one.Bytes), opened.Select(line => Value(line, "plaintext")));
    }

    public void Dispose() => shell.Dispose();

    // The associated data in two writings, and which case it is; a place has no empty part.
    private static string At(GcmVector vector, string content, byte[] bytes) =>
        Line(
            "test-a", Text(vector.Associated), content, Convert.ToBase64String(bytes), vector.Name, "=" + Convert.ToBase64String(vector.Associated));

    private static string Text(byte[] bytes) => bytes.Length == 0 ? "-" : Convert.ToHexString(bytes);

    /// <summary>Our value with those bits turned that the publisher turned in the case's ciphertext and tag.</summary>
    private static byte[] Changed(GcmVector vector, byte[] value)
    {
        using var cipher = new MessageCipher([.. vector.Key]);
        var right = new byte[vector.Message!.Length + MessageCipher.TagBytes];
        cipher.Encrypt(vector.Nonce, vector.Message, right, vector.Associated);
        byte[] given = [.. vector.Ciphertext, .. vector.Tag];
        var changed = value.ToArray();
        for (var at = 0; at < right.Length; at++)
        {
            changed[SealedFormat.HeaderBytes + at] ^= (byte)(right[at] ^ given[at]);
        }

        return changed;
    }
}
