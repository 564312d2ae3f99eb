using System.Text.Json;
using PracticPro.Kernel;
using PracticPro.Vault;
using PracticPro.Vault.Leases;

namespace PracticPro.Tests.Vault.Leases;

/// <summary>Leases of format version 1, made by a second implementation (make-key-lease-v1.py).</summary>
public sealed class GoldenLeaseTests
{
    private sealed record Line(
        TenantId Tenant, KeyLeaseId Lease, long NotBefore, long NotAfter, byte[] Session, byte[] Once, byte[] Keys, byte[] Bytes);

    private static List<Line> Lines =>
    [
        .. File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Vault", "Golden", "key-lease-v1.jsonl"))
            .Select(line => JsonSerializer.Deserialize<Line>(line, JsonShapes.Stored)!),
    ];

    [Fact]
    [Trait("Promise", "STAFF-2")]
    public void Leases_of_version_1_open()
    {
        Assert.Equal(4, Lines.Count);
        foreach (var line in Lines)
        {
            Assert.True(KeyLeaseFormat.TryRead(line.Bytes, out var lease));
            Assert.Equal((line.Tenant, line.Lease), (lease.Terms.Tenant, lease.Terms.Id));
            Assert.Equal(line.NotBefore, lease.Terms.NotBefore.ToUnixTimeMilliseconds());
            Assert.Equal(line.NotAfter, lease.Terms.NotAfter.ToUnixTimeMilliseconds());

            using var session = Key(line.Session);
            using var keys = KeyLeaseWrap.Unwrap(lease, session).Expect();

            Assert.Equal(line.Keys, keys.Reveal("comparison").ToArray());
        }
    }

    [Fact]
    public void The_same_keys_and_terms_give_the_same_bytes()
    {
        foreach (var line in Lines)
        {
            Assert.True(KeyLeaseFormat.TryRead(line.Bytes, out var lease));
            using var session = Key(line.Session);
            using var once = Key(line.Once);
            using var keys = new SecretBytes(line.Keys);
            Assert.True(SessionKey.TryReadPublic(session.Public.Span, out var half));

            Assert.Equal(line.Bytes, KeyLeaseWrap.Wrap(lease.Terms, half, keys, once).Bytes.ToArray());
        }
    }

    [Fact]
    public void Two_wraps_of_one_lease_share_no_key()
    {
        var line = Lines[0];
        Assert.True(KeyLeaseFormat.TryRead(line.Bytes, out var lease));
        using var session = Key(line.Session);
        using var keys = new SecretBytes(line.Keys);
        Assert.True(SessionKey.TryReadPublic(session.Public.Span, out var half));

        var wraps = Enumerable.Range(0, 50)
            .Select(_ => Convert.ToHexString(KeyLeaseWrap.Wrap(lease.Terms, half, keys).Bytes.Span.Slice(lease.WrapAt, 97)));

        Assert.Equal(50, wraps.Distinct().Count());
    }

    private static SessionKey Key(byte[] scalar)
    {
        using var secret = new SecretBytes(scalar);
        return SessionKey.From(secret);
    }
}
