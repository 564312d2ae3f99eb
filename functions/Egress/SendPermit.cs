using System.Security.Cryptography;
using PracticPro.Kernel;

namespace PracticPro.Egress;

/// <summary>
/// Leave to write one exact sequence of bytes to a provider, for one tenant. Minted by the approval workflow alone
/// (an architecture test holds that), after a person approved those bytes. It opens the door for its own bytes only,
/// and once for each operation. It lives in memory for the length of one activity; it is never stored.
/// </summary>
internal sealed class SendPermit
{
    private readonly byte[] digest;
    private readonly HashSet<string> spent = [];
    private readonly Lock spending = new();

    private SendPermit(TenantId tenant, byte[] digest)
    {
        Tenant = tenant;
        this.digest = digest;
    }

    public TenantId Tenant { get; }

    /// <param name="digest">SHA-256 of the bytes that were approved.</param>
    public static SendPermit Mint(TenantId tenant, ReadOnlySpan<byte> digest)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(digest.Length, SHA256.HashSizeInBytes);
        return new SendPermit(tenant, digest.ToArray());
    }

    /// <summary>True once for an operation, and only for the approved bytes.</summary>
    public bool TrySpend(ProviderOperation operation, ReadOnlySpan<byte> outgoing)
    {
        Span<byte> actual = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(outgoing, actual);
        if (!CryptographicOperations.FixedTimeEquals(actual, digest))
        {
            return false;
        }

        lock (spending)
        {
            return spent.Add(operation.Name);
        }
    }
}
