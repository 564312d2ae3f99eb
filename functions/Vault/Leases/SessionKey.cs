using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using PracticPro.Kernel;

namespace PracticPro.Vault.Leases;

/// <summary>
/// The key pair of one session (ECDH over P-256, NIST SP 800-186), made by the session itself: whoever grants a lease sees
/// the public half only. The private half lies in the cryptographic library's own memory, which zeroes it when this is
/// disposed; it is never stored, and a session that has ended cannot open its leases any more, revoked or not.
/// Prints as <c>***</c> and has no JSON form. Safe to use from many threads.
/// </summary>
[JsonConverter(typeof(NeverJson<SessionKey>))]
internal sealed class SessionKey : IDisposable
{
    /// <summary>An uncompressed point: <c>04</c>, X, Y (SEC 1 section 2.3.3).</summary>
    public const int PublicBytes = 65;

    public const int ScalarBytes = 32;

    private readonly ECDiffieHellman pair;

    private SessionKey(ECDiffieHellman pair)
    {
        this.pair = pair;
        Public = Point(pair);
    }

    /// <summary>What the session shows to whoever is to grant it a lease. Not secret.</summary>
    public ReadOnlyMemory<byte> Public { get; }

    public static SessionKey Make() => new(ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>For a session that keeps its private scalar itself: 32 bytes, big-endian. They stay the caller's.</summary>
    /// <exception cref="CryptographicException">It is no scalar of the curve.</exception>
    public static SessionKey From(SecretBytes scalar)
    {
        var d = scalar.Reveal("to agree on a lease's key").ToArray();
        try
        {
            return new SessionKey(ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = d }));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(d);
        }
    }

    /// <summary>False when these bytes are not a point of the curve: nothing is ever wrapped to such a key.</summary>
    public static bool TryReadPublic(ReadOnlySpan<byte> point, [NotNullWhen(true)] out ECDiffieHellman? other)
    {
        other = null;
        if (point.Length != PublicBytes || point[0] != 4)
        {
            return false;
        }

        var q = new ECPoint { X = point[1..33].ToArray(), Y = point[33..].ToArray() };
        try
        {
            other = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = q });
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>
    /// What this key and the other one agree on: the X coordinate, 32 bytes (NIST SP 800-56A section 5.7.1.2). Not a key
    /// yet: it goes through a derivation first.
    /// </summary>
    internal SecretBytes AgreeWith(ECDiffieHellman other)
    {
        using var half = other.PublicKey;
        var agreed = pair.DeriveRawSecretAgreement(half);
        var secret = new SecretBytes(agreed);
        CryptographicOperations.ZeroMemory(agreed);
        return secret;
    }

    public void Dispose() => pair.Dispose();

    public override string ToString() => "***";

    private static byte[] Point(ECDiffieHellman pair)
    {
        var q = pair.ExportParameters(includePrivateParameters: false).Q;
        return [4, .. q.X!, .. q.Y!];
    }
}
