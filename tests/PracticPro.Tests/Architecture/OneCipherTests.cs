using System.Reflection;
using PracticPro.Vault;

namespace PracticPro.Tests.Architecture;

/// <summary>One type encrypts, and nobody tells it which message or which nonce (ENC-1).</summary>
[Trait("Promise", "ENC-1")]
public sealed class OneCipherTests
{
    private const string Cipher = "PracticPro.Vault.MessageCipher";

    // Who encrypts, and why no nonce comes twice under a key of theirs. A new line here needs as good a reason.
    private static readonly Dictionary<string, string> Encrypters = new(StringComparer.Ordinal)
    {
        ["PracticPro.Vault.TenantKeys"] = "a key a message, derived from a random 256-bit id: the nonce is zero",
        ["PracticPro.Vault.Leases.KeyLeaseWrap"] = "a key a wrap, agreed with a key pair made for it: the nonce is zero",
        ["PracticPro.Vault.MessageFrames"] = "a key a message as well; the nonce is the frame's number, which only rises",
        ["PracticPro.Backup.SealingStream"] = "a random key a piece, used by one stream; the nonce is the run's number, which only rises",
        ["PracticPro.Vault.Drivers.Local.LocalKeyEncryption"] = "a random nonce; a key wraps far fewer than 2^32 data keys",
    };

    [Fact]
    public void Only_the_message_cipher_names_a_symmetric_cipher()
    {
        string[] ciphers =
        [
            "AesGcm", "AesCcm", "ChaCha20Poly1305", "Aes", "AesManaged", "AesCng", "AesCryptoServiceProvider", "DES", "TripleDES",
            "RC2", "Rijndael", "RijndaelManaged", "SymmetricAlgorithm", "CryptoStream", "ICryptoTransform", "ProtectedData",
        ];
        var names = (
            from type in Compiled.Types
            from named in Compiled.NamedBy(type)
            where named.Namespace == "System.Security.Cryptography" && ciphers.Contains(named.Name)
            select type.FullName.Split('/')[0]).Distinct();

        Assert.Equal([Cipher], names);
    }

    [Fact]
    public void No_code_encrypts_under_a_public_key_or_by_a_framework()
    {
        string[] ways =
        [
            "System.Security.Cryptography.RSA::Encrypt", "System.Security.Cryptography.RSA::TryEncrypt", "RSAOAEPKeyExchange",
            "RSAPKCS1KeyExchange", "EnvelopedCms::", "EncryptedXml::", "Microsoft.AspNetCore.DataProtection.", "Org.BouncyCastle.",
            "System.Net.Security.SslStream::.ctor",
        ];

        Assert.Empty(ways.SelectMany(Compiled.CallersOf).Select(method => method.FullName));
    }

    [Fact]
    public void Who_encrypts_answers_for_its_nonces()
    {
        var encrypters = Compiled.CallersOf(Cipher + "::Encrypt").Select(method => method.DeclaringType.FullName.Split('/')[0]).Distinct();

        Assert.Equal(Encrypters.Keys.Order(StringComparer.Ordinal), encrypters.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Message_ids_come_from_one_place_only()
    {
        Assert.Equal(["PracticPro.Vault.TenantKeys"], Owners("PracticPro.Vault.MessageIds::Next"));
        Assert.Equal(["PracticPro.Vault.TenantKeys"], Owners("PracticPro.Vault.SealedFormat::WriteNamed"));
        Assert.Equal(["PracticPro.Vault.TenantKeys"], Owners("PracticPro.Vault.MessageFrames::.ctor"));

        static IEnumerable<string> Owners(string called) =>
            Compiled.CallersOf(called).Select(method => method.DeclaringType.FullName.Split('/')[0]).Distinct();
    }

    [Fact]
    public void No_call_lets_anybody_choose_a_message_id_or_a_nonce()
    {
        string[] chosen = ["nonce", "messageid", "iv", "seed", "random", "salt"];
        (Type Type, string Method)[] insiders =
        [
            // Writes a header from an id that MessageIds gave; see the test above.
            (typeof(SealedFormat), nameof(SealedFormat.WriteNamed)),

            // The cipher itself; who calls it is in the table above.
            (typeof(MessageCipher), nameof(MessageCipher.Encrypt)),
            (typeof(MessageCipher), nameof(MessageCipher.TryDecrypt)),
        ];
        const BindingFlags all =
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var methods = (
            from type in typeof(TenantKeys).Assembly.GetTypes()
            where type.Namespace?.StartsWith("PracticPro.Vault", StringComparison.Ordinal) == true
            from method in type.GetMethods(all).Cast<MethodBase>().Concat(type.GetConstructors(all))
            where !method.IsPrivate
            from parameter in method.GetParameters()
            where chosen.Contains(parameter.Name?.ToLowerInvariant())
            select (Type: type, Method: method.Name)).Distinct().ToList();

        Assert.Equal(insiders.OrderBy(Text, StringComparer.Ordinal), methods.OrderBy(Text, StringComparer.Ordinal));

        static string Text((Type Type, string Method) one) => $"{one.Type.FullName} {one.Method}";
    }
}
