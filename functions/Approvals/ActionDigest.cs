using System.Security.Cryptography;
using System.Text;
using PracticPro.Audit.Verify;
using PracticPro.Sync.Published;

namespace PracticPro.Approvals;

/// <summary>SHA-256 over what a person approves: shown as 64 lower-case hexadecimal digits.</summary>
internal readonly record struct ActionDigest(string Hex)
{
    /// <inheritdoc cref="Text"/>
    public static ActionDigest Of(
        OutgoingAction action, ReadOnlySpan<byte> outgoingSha256, ConnectionId? connection, IEnumerable<GateResult> gates) =>
        new(Convert.ToHexStringLower(SHA256.HashData(Text(action, outgoingSha256, connection, gates))));

    /// <summary>
    /// The canonical action: one JSON object in RFC 8785 form with what is shown, the SHA-256 of the exact outgoing bytes, the
    /// connection it leaves by (none for the practice's own list) and the gates' verdicts.
    /// </summary>
    public static byte[] Text(
        OutgoingAction action, ReadOnlySpan<byte> outgoingSha256, ConnectionId? connection, IEnumerable<GateResult> gates)
    {
        List<Named<Canonical>> members =
        [
            .. action.ForDigest(Convert.ToHexStringLower(outgoingSha256)),
            new("gates", new Canonical.List([.. gates.Select(static gate => Canonical.Of(gate.ForDigest()))])),
        ];
        if (connection is { } by)
        {
            members.Add(new("connection", Canonical.Of(by.Text)));
        }

        return new Canonical.Members(members).ToUtf8();
    }

    /// <summary>Constant-time comparison with a digest that came from outside.</summary>
    public bool Matches(string? other) =>
        other is not null
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Hex), Encoding.UTF8.GetBytes(other));
}
