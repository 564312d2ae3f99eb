using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PracticPro.Vault;

namespace PracticPro.Tests.Vault;

public sealed class KeyDerivationTests
{
    [Fact]
    [Trait("Promise", "ENC-1")]
    public void Derivation_is_HKDF_Expand_with_SHA_512()
    {
        var named = Gen.ArrayOf(Gen.Choose(0, 255).Select(value => (byte)value), SealedFormat.NamedBytes);
        var key = Gen.ArrayOf(Gen.Choose(0, 255).Select(value => (byte)value), DataKey.Bytes);

        Prop.ForAll(Gen.Zip(key, named).ToArbitrary(), pair =>
        {
            using var dataKey = new DataKey(1, new SecretBytes(pair.Item1));
            var derived = new byte[DataKey.DerivedBytes];
            dataKey.Derive(pair.Item2, derived);
            var again = new byte[DataKey.DerivedBytes];
            dataKey.Derive(pair.Item2, again);

            byte[] info = [.. Encoding.ASCII.GetBytes("practicpro seal 1"), .. pair.Item2];
            var expected = HKDF.Expand(HashAlgorithmName.SHA512, pair.Item1, 64, info);
            return derived.SequenceEqual(expected) && again.SequenceEqual(expected);
        }).QuickCheckThrowOnFailure();
    }

    /// <summary>
    /// RFC 5869 appendix A.1, A.2 and A.3 (SHA-256): the platform's HKDF, which the test above relies on.
    /// </summary>
    [Theory]
    [InlineData(
        "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
        "f0f1f2f3f4f5f6f7f8f9",
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")]
    [InlineData(
        "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
        "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedf"
            + "e0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
        "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
            + "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87")]
    [InlineData(
        "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
        "",
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8")]
    public void The_platform_expands_as_RFC_5869_shows(string key, string info, string output) =>
        Assert.Equal(
            output,
            Convert.ToHexStringLower(HKDF.Expand(
                HashAlgorithmName.SHA256,
                Convert.FromHexString(key),
                output.Length / 2,
                Convert.FromHexString(info))));

    /// <summary>Test cases 13, 14 and 16 of the GCM specification by McGrew and Viega: AES-256, 96-bit nonce.</summary>
    [Theory]
    [InlineData(
        "0000000000000000000000000000000000000000000000000000000000000000",
        "000000000000000000000000", "", "", "", "530f8afbc74536b9a963b4f1c4cb738b")]
    [InlineData(
        "0000000000000000000000000000000000000000000000000000000000000000",
        "000000000000000000000000", "00000000000000000000000000000000", "",
        "cea7403d4d606b6e074ec5d3baf39d18", "d0d1c8a799996bf0265b98b5d48ab919")]
    [InlineData(
        "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
        "cafebabefacedbaddecaf888",
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525"
            + "b16aedf5aa0de657ba637b39",
        "feedfacedeadbeeffeedfacedeadbeefabaddad2",
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838"
            + "c5f61e6393ba7a0abcc9f662",
        "76fc6ece0f4e1768cddf8853bb2d551b")]
    public void The_platform_encrypts_as_the_GCM_cases_show(
        string key, string nonce, string plaintext, string associated, string ciphertext, string tag)
    {
        using var cipher = new AesGcm(Convert.FromHexString(key), SealedFormat.TagBytes);
        var actual = new byte[ciphertext.Length / 2];
        var actualTag = new byte[SealedFormat.TagBytes];

        cipher.Encrypt(
            Convert.FromHexString(nonce),
            Convert.FromHexString(plaintext),
            actual,
            actualTag,
            Convert.FromHexString(associated));

        Assert.Equal(ciphertext + tag, Convert.ToHexStringLower(actual) + Convert.ToHexStringLower(actualTag));
    }

    [Fact]
    public void A_disposed_key_derives_nothing()
    {
        var key = new DataKey(1, SecretBytes.Random(DataKey.Bytes));
        key.Dispose();

        Assert.Throws<KeysExpiredException>(() => key.Derive(new byte[SealedFormat.NamedBytes], new byte[64]));
    }

    [Fact]
    public async Task A_key_that_is_disposed_while_it_derives_says_that_it_expired_and_keeps_nothing_of_itself()
    {
        for (var round = 0; round < 200; round++)
        {
            var key = new DataKey(1, SecretBytes.Random(DataKey.Bytes));
            var users = Enumerable.Range(0, 4).Select(_ => Task.Run(() => DeriveUntilDisposed(key))).ToArray();
            await Task.Yield();
            key.Dispose();
            await Task.WhenAll(users);

            Assert.Equal(0, key.Spares);
        }
    }

    private static void DeriveUntilDisposed(DataKey key)
    {
        try
        {
            while (true)
            {
                key.Derive(new byte[SealedFormat.NamedBytes], new byte[DataKey.DerivedBytes]);
            }
        }
        catch (KeysExpiredException)
        {
            // What it waits for.
        }
    }
}
