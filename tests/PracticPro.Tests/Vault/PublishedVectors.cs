using System.Text.Json;

namespace PracticPro.Tests.Vault;

/// <summary>A case of AES-256-GCM with a nonce of 12 bytes and a tag of 16.</summary>
/// <param name="Message">Null where the publisher gives none, which is only in cases that must not open.</param>
internal sealed record GcmVector(
    string Name, byte[] Key, byte[] Nonce, byte[] Associated, byte[]? Message, byte[] Ciphertext, byte[] Tag, bool IsValid);

/// <summary>A case of HKDF with SHA-512.</summary>
/// <param name="Size">Bytes asked for; more than there can be in cases that are not valid.</param>
internal sealed record HkdfVector(string Name, byte[] Input, byte[] Salt, byte[] Context, int Size, byte[] Output, bool IsValid);

/// <summary>What others published to test such code with; see the README beside the files.</summary>
internal static class PublishedVectors
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Vault", "Vectors");

    public static IReadOnlyList<GcmVector> WycheproofGcm { get; } =
    [
        .. Wycheproof("aes_gcm_test.json", (test, name) => new GcmVector(
            name, Hex(test, "key"), Hex(test, "iv"), Hex(test, "aad"), Hex(test, "msg"), Hex(test, "ct"), Hex(test, "tag"), IsValid(test))),
    ];

    public static IReadOnlyList<HkdfVector> WycheproofHkdf { get; } =
    [
        .. Wycheproof("hkdf_sha512_test.json", (test, name) => new HkdfVector(
            name, Hex(test, "ikm"), Hex(test, "salt"), Hex(test, "info"), test.GetProperty("size").GetInt32(), Hex(test, "okm"), IsValid(test))),
    ];

    public static IReadOnlyList<GcmVector> NistGcm { get; } =
        [.. Nist("gcmDecrypt256.rsp"), .. Nist("gcmEncryptExtIV256.rsp")];

    private static List<T> Wycheproof<T>(string file, Func<JsonElement, string, T> read)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, file)));
        return json.RootElement.GetProperty("testGroups").EnumerateArray()
            .SelectMany(group => group.GetProperty("tests").EnumerateArray())
            .Select(test => read(test, $"{file} {test.GetProperty("tcId").GetInt32()} {test.GetProperty("comment").GetString()}"))
            .ToList();
    }

    private static byte[] Hex(JsonElement test, string property) => Convert.FromHexString(test.GetProperty(property).GetString()!);

    // Wycheproof has "acceptable" too; none of our groups has one.
    private static bool IsValid(JsonElement test) => test.GetProperty("result").GetString() switch
    {
        "valid" => true,
        "invalid" => false,
        _ => throw new InvalidDataException("A case of no known result."),
    };

    private static IEnumerable<GcmVector> Nist(string file)
    {
        var cases = File.ReadAllText(Path.Combine(Folder, file)).ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.TrimEntries)
            .Where(block => block.StartsWith("Count", StringComparison.Ordinal))
            .Select((block, number) => (number, lines: block.Split('\n')));
        foreach (var (number, lines) in cases)
        {
            byte[]? Find(string name) => lines
                .Where(line => line.StartsWith(name + " =", StringComparison.Ordinal))
                .Select(line => Convert.FromHexString(line[(name.Length + 2)..].Trim()))
                .SingleOrDefault();
            yield return new GcmVector(
                $"{file} {number}", Find("Key")!, Find("IV")!, Find("AAD")!, Find("PT"), Find("CT")!, Find("Tag")!, !lines.Contains("FAIL"));
        }
    }
}
