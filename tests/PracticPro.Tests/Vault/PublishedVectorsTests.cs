using System.Security.Cryptography;
using PracticPro.Vault;

namespace PracticPro.Tests.Vault;

/// <summary>The cipher and the derivation that seal and open everything, against what others published.</summary>
[Trait("Promise", "ENC-1")]
public sealed class PublishedVectorsTests
{
    [Fact]
    public void The_cipher_seals_and_opens_what_Wycheproof_publishes()
    {
        Assert.Equal((21, 27), Run(PublishedVectors.WycheproofGcm));
    }

    [Fact]
    public void The_cipher_seals_and_opens_what_NIST_publishes()
    {
        Assert.Equal((151, 74), Run(PublishedVectors.NistGcm));
    }

    [Fact]
    public void The_derivation_expands_what_Wycheproof_publishes()
    {
        var (within, beyond) = (0, 0);
        foreach (var vector in PublishedVectors.WycheproofHkdf)
        {
            using var key = new DataKey(1, new SecretBytes(HKDF.Extract(HashAlgorithmName.SHA512, vector.Input, vector.Salt)));
            var first = new byte[Math.Min(vector.Size, DataKey.DerivedBytes)];
            key.Expand(vector.Context, first);
            if (vector.IsValid)
            {
                // Of a longer output, the part that we derive.
                Assert.True(first.AsSpan().SequenceEqual(vector.Output.AsSpan(0, first.Length)), vector.Name);
            }

            if (vector.Size <= DataKey.DerivedBytes)
            {
                within++;
            }
            else
            {
                // More than one block, valid or not by the RFC: we derive none such.
                beyond++;
                Assert.Throws<ArgumentOutOfRangeException>(() => key.Expand(vector.Context, new byte[vector.Size]));
            }
        }

        Assert.Equal((94, 8), (within, beyond));
    }

    [Fact]
    public void What_derives_message_keys_is_that_derivation()
    {
        var named = RandomNumberGenerator.GetBytes(SealedFormat.NamedBytes);
        using var key = new DataKey(1, SecretBytes.Random(DataKey.Bytes));
        var (derived, expanded) = (new byte[DataKey.DerivedBytes], new byte[DataKey.DerivedBytes]);

        key.Derive(named, derived);
        key.Expand([.. "practicpro seal 1"u8, .. named], expanded);

        Assert.Equal(expanded, derived);
    }

    [Fact]
    public void A_key_of_another_length_makes_no_cipher()
    {
        Assert.Throws<ArgumentException>(() => MessageCipher.Under(new byte[16]));
        Assert.Throws<ArgumentException>(() => new MessageCipher(new byte[24]));
    }

    private static (int Valid, int Invalid) Run(IReadOnlyList<GcmVector> vectors)
    {
        foreach (var vector in vectors)
        {
            using var cipher = new MessageCipher([.. vector.Key]);
            byte[] body = [.. vector.Ciphertext, .. vector.Tag];
            var opened = new byte[vector.Ciphertext.Length];
            Array.Fill(opened, (byte)0xee);

            Assert.True(cipher.TryDecrypt(vector.Nonce, body, opened, vector.Associated) == vector.IsValid, vector.Name);
            Assert.True(opened.AsSpan().SequenceEqual(vector.IsValid ? vector.Message : new byte[opened.Length]), vector.Name);
            if (vector.Message is { } message)
            {
                var output = new byte[message.Length + MessageCipher.TagBytes];
                cipher.Encrypt(vector.Nonce, message, output, vector.Associated);
                Assert.True(output.AsSpan().SequenceEqual(body) == vector.IsValid, vector.Name);
            }
        }

        return (vectors.Count(vector => vector.IsValid), vectors.Count(vector => !vector.IsValid));
    }
}
