using System.Buffers.Binary;
using System.Security.Cryptography;
using PracticPro.Vault;
using static PracticPro.Tests.Vault.VaultFixture;

namespace PracticPro.Tests.Vault;

/// <summary>
/// GCM alone does not commit to its key: who knows two keys can make one ciphertext that both accept ("Fast Message
/// Franking", Dodis, Grubbs, Ristenpart, Woodage, 2018). Here such a one is made, and the vault opens it under one
/// only.
/// </summary>
public sealed class KeyCommitmentTests
{
    private static readonly byte[] KeyA = TestKeys.Filled(0xaa);
    private static readonly byte[] KeyB = TestKeys.Filled(0xbb);

    [Fact]
    [Trait("Promise", "ENC-1")]
    public void A_ciphertext_made_for_two_keys_opens_under_one_only()
    {
        var keysA = TestKeys.Of(A, (Purpose.Records, 1, KeyA));
        var keysB = TestKeys.Of(A, (Purpose.Records, 1, KeyB));
        var header = keysA.Seal(Purpose.Records, Place, default).Span[..SealedFormat.HeaderBytes].ToArray();
        var (messageA, messageB) = (MessageKey(KeyA, header), MessageKey(KeyB, header));
        var associated = Associated(header);

        var body = TwoKeyCiphertext(messageA, messageB, associated);

        // Bare GCM takes it under both.
        Assert.NotEqual(BareOpen(messageA, body, associated), BareOpen(messageB, body, associated));

        var value = new SealedBytes((byte[])[.. header, .. body]);
        Assert.True(keysA.Open(Purpose.Records, Place, value).Succeeded);
        Assert.IsType<VaultFailures.WrongKey>(keysB.Open(Purpose.Records, Place, value).Failure);
    }

    [Fact]
    [Trait("Promise", "ENC-1")]
    public void Whichever_of_two_keys_a_ciphertext_commits_to_the_other_does_not_open_it()
    {
        var keysA = TestKeys.Of(A, (Purpose.Records, 1, KeyA));
        var keysB = TestKeys.Of(A, (Purpose.Records, 1, KeyB));
        foreach (var (own, other) in (IEnumerable<(TenantKeys, TenantKeys)>)[(keysA, keysB), (keysB, keysA)])
        {
            var header = own.Seal(Purpose.Records, Place, default).Span[..SealedFormat.HeaderBytes].ToArray();
            byte[] value = [.. header, .. TwoKeyCiphertext(MessageKey(KeyA, header), MessageKey(KeyB, header), Associated(header))];

            Assert.True(own.Open(Purpose.Records, Place, new SealedBytes(value)).Succeeded);
            Assert.IsType<VaultFailures.WrongKey>(other.Open(Purpose.Records, Place, new SealedBytes(value)).Failure);
        }
    }

    [Fact]
    [Trait("Promise", "ENC-1")]
    public void A_frame_made_for_two_keys_opens_under_one_only()
    {
        using var begun = TestKeys.Of(A, (Purpose.Records, 1, KeyA)).BeginSealing(Purpose.Records, Place);
        var header = begun.Header.ToArray();
        var (messageA, messageB) = (MessageKey(KeyA, header), MessageKey(KeyB, header));
        byte[] last = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
        var frame = TwoKeyCiphertext(messageA, messageB, Associated(header), last);

        // Bare GCM takes it under both.
        Assert.NotEqual(BareOpen(messageA, frame, Associated(header), last), BareOpen(messageB, frame, Associated(header), last));

        using var opened = TestKeys.Of(A, (Purpose.Records, 1, KeyA)).BeginOpening(Purpose.Records, Place, header).Expect();
        Assert.True(opened.TryOpen(frame, isLast: true, new byte[16]));
        Assert.IsType<VaultFailures.WrongKey>(
            TestKeys.Of(A, (Purpose.Records, 1, KeyB)).BeginOpening(Purpose.Records, Place, header).Failure);
    }

    private static byte[] MessageKey(byte[] key, byte[] header)
    {
        using var dataKey = new DataKey(1, new SecretBytes(key));
        var derived = new byte[DataKey.DerivedBytes];
        dataKey.Derive(header.AsSpan(0, SealedFormat.NamedBytes), derived);
        return derived[..32];
    }

    private static byte[] Associated(byte[] header)
    {
        var context = new byte[Place.EncodedBytes];
        Place.Encode(1, context);
        return [.. header, .. SealContext.Prefixed(A.Text), .. SealContext.Prefixed("records"), .. context];
    }

    private static string BareOpen(byte[] key, byte[] body, byte[] associated, byte[]? nonce = null)
    {
        using var cipher = new AesGcm(key, 16);
        var plain = new byte[body.Length - 16];
        cipher.Decrypt(nonce ?? new byte[12], body.AsSpan(0, plain.Length), body.AsSpan(plain.Length), plain, associated);
        return Convert.ToHexString(plain);
    }

    /// <summary>
    /// One ciphertext block C and a tag T, so that T = GHASH(H, associated | C) + E(J0) holds under both keys.
    /// </summary>
    private static byte[] TwoKeyCiphertext(byte[] keyA, byte[] keyB, byte[] associated, byte[]? nonce = null)
    {
        // GHASH is linear in C: T = known + C·H² for each key. Setting both equal gives C.
        var (knownA, squareA) = Parts(keyA, associated, nonce ?? new byte[12]);
        var (knownB, squareB) = Parts(keyB, associated, nonce ?? new byte[12]);
        var block = Multiply(knownA ^ knownB, Inverse(squareA ^ squareB));
        var tag = knownA ^ Multiply(block, squareA);
        return [.. Bytes(block), .. Bytes(tag)];
    }

    private static (UInt128 Known, UInt128 Square) Parts(byte[] key, byte[] associated, byte[] nonce)
    {
        using var aes = Aes.Create();
        aes.Key = key;
        var hashKey = Number(aes.EncryptEcb(new byte[16], PaddingMode.None));
        byte[] first = [.. nonce, 0, 0, 0, 1];
        var sum = UInt128.Zero;
        foreach (var chunk in associated.Chunk(16))
        {
            sum = Multiply(sum ^ Number([.. chunk, .. new byte[16 - chunk.Length]]), hashKey);
        }

        // The ciphertext block counts as zero here, then the block of lengths in bits.
        sum = Multiply(sum, hashKey);
        var lengths = ((UInt128)(ulong)(associated.Length * 8) << 64) | 128;
        sum = Multiply(sum ^ lengths, hashKey);
        return (sum ^ Number(aes.EncryptEcb(first, PaddingMode.None)), Multiply(hashKey, hashKey));
    }

    // NIST SP 800-38D section 6.3: the leftmost bit is the coefficient of x^0.
    private static UInt128 Multiply(UInt128 left, UInt128 right)
    {
        var product = UInt128.Zero;
        for (var at = 127; at >= 0; at--)
        {
            product ^= ((left >> at) & 1) != 0 ? right : 0;
            right = (right & 1) != 0 ? (right >> 1) ^ ((UInt128)0xe1 << 120) : right >> 1;
        }

        return product;
    }

    // a^(2^128 - 2)
    private static UInt128 Inverse(UInt128 value)
    {
        var result = (UInt128)1 << 127;
        for (var at = 0; at < 127; at++)
        {
            value = Multiply(value, value);
            result = Multiply(result, value);
        }

        return result;
    }

    private static UInt128 Number(byte[] bytes) => BinaryPrimitives.ReadUInt128BigEndian(bytes);

    private static byte[] Bytes(UInt128 value)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
        return bytes;
    }
}
