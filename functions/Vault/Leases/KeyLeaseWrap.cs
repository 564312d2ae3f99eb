using System.Security.Cryptography;
using System.Text;
using PracticPro.Kernel;

namespace PracticPro.Vault.Leases;

/// <summary>Makes and opens the wrap of a lease, as <see cref="KeyLeaseFormat"/> draws it.</summary>
internal static class KeyLeaseWrap
{
    private const int DerivedBytes = 64;

    private static readonly byte[] Label = Encoding.ASCII.GetBytes("practicpro lease 1");

    /// <summary>The lease with its wrap: only the session's private key opens it from here on.</summary>
    /// <param name="keys">In the scope's order, <see cref="KeyLeaseFormat.PlaintextBytes"/> bytes.</param>
    public static KeyLease Wrap(KeyLeaseTerms terms, ECDiffieHellman session, SecretBytes keys)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(keys.Length, KeyLeaseFormat.PlaintextBytes(terms.Scope));
        using var once = SessionKey.Make();
        return Wrap(terms, session, keys, once);
    }

    /// <param name="once">A pair that wraps this once and never again.</param>
    internal static KeyLease Wrap(KeyLeaseTerms terms, ECDiffieHellman session, SecretBytes keys, SessionKey once)
    {
        var head = KeyLeaseFormat.Head(terms);
        var bytes = new byte[head.Length + KeyLeaseFormat.WrapOverheadBytes + keys.Length];
        head.CopyTo(bytes.AsSpan());
        once.Public.Span.CopyTo(bytes.AsSpan(head.Length));

        Span<byte> derived = stackalloc byte[DerivedBytes];
        using (var agreed = once.AgreeWith(session))
        {
            Derive(agreed, once.Public.Span, terms.Session.Span, derived);
        }

        var cipherAt = CipherAt(head.Length);
        derived[32..].CopyTo(bytes.AsSpan(cipherAt - KeyLeaseFormat.CommitmentBytes));
        using var cipher = new MessageCipher(derived[..32]);
        cipher.Encrypt(
            stackalloc byte[12], keys.Reveal("to wrap them for a session"), bytes.AsSpan(cipherAt), bytes.AsSpan(0, cipherAt));
        keys.ThrowIfZeroedMeanwhile();
        return new KeyLease(terms, bytes, head.Length);
    }

    /// <summary>
    /// The leased keys, in the scope's order, if lease and session belong together and no bit of either was changed.
    /// The caller disposes them.
    /// </summary>
    public static Outcome<SecretBytes> Unwrap(KeyLease lease, SessionKey session)
    {
        var bytes = lease.Bytes.Span;
        if (!lease.Terms.Session.Span.SequenceEqual(session.Public.Span))
        {
            return new LeaseFailures.OfAnotherSession();
        }

        var cipherAt = CipherAt(lease.WrapAt);
        var once = bytes.Slice(lease.WrapAt, SessionKey.PublicBytes);
        if (!SessionKey.TryReadPublic(once, out var other))
        {
            return new LeaseFailures.NotAuthentic();
        }

        Span<byte> derived = stackalloc byte[DerivedBytes];
        using (other)
        using (var agreed = session.AgreeWith(other))
        {
            Derive(agreed, once, session.Public.Span, derived);
        }

        if (!CryptographicOperations.FixedTimeEquals(
            derived[32..], bytes.Slice(cipherAt - KeyLeaseFormat.CommitmentBytes, KeyLeaseFormat.CommitmentBytes)))
        {
            CryptographicOperations.ZeroMemory(derived);
            return new LeaseFailures.NotAuthentic();
        }

        return Decrypt(derived[..32], bytes, cipherAt);
    }

    private static Outcome<SecretBytes> Decrypt(Span<byte> key, ReadOnlySpan<byte> bytes, int cipherAt)
    {
        var plain = GC.AllocateArray<byte>(bytes.Length - cipherAt - SealedFormat.TagBytes, pinned: true);
        try
        {
            using var cipher = new MessageCipher(key);
            return cipher.TryDecrypt(stackalloc byte[12], bytes[cipherAt..], plain, bytes[..cipherAt])
                ? new SecretBytes(plain)
                : new LeaseFailures.NotAuthentic();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    private static int CipherAt(int wrapAt) => wrapAt + SessionKey.PublicBytes + KeyLeaseFormat.CommitmentBytes;

    private static void Derive(
        SecretBytes agreed, ReadOnlySpan<byte> once, ReadOnlySpan<byte> session, Span<byte> derived)
    {
        Span<byte> info = stackalloc byte[Label.Length + SessionKey.PublicBytes + SessionKey.PublicBytes];
        Label.CopyTo(info);
        once.CopyTo(info[Label.Length..]);
        session.CopyTo(info[(Label.Length + SessionKey.PublicBytes)..]);
        HKDF.DeriveKey(HashAlgorithmName.SHA512, agreed.Reveal("to derive a lease's key"), derived, [], info);
    }
}
