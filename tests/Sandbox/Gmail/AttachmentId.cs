using System.Buffers.Text;
using System.Text;

namespace PracticPro.Sandbox.Gmail;

/// <summary>
/// A ticket for one attachment of one message. A new one is written at every read of the message, so a client that
/// keys by it sees strangers each time; old ones keep working.
/// <code>
///   "ANGjdJ" + base64url( 24 drawn bytes | part id in ASCII )
/// </code>
/// </summary>
internal readonly record struct AttachmentId(string Value)
{
    private const string Prefix = "ANGjdJ";
    private const int NonceBytes = 24;

    public static AttachmentId New(string partId, Seeded nonces)
    {
        byte[] nonce = new byte[NonceBytes];
        foreach (ref byte drawn in nonce.AsSpan())
        {
            drawn = (byte)(nonces.Next() & 0xFF);
        }

        return new AttachmentId(Prefix + Base64Url.EncodeToString([.. nonce, .. Encoding.ASCII.GetBytes(partId)]));
    }

    /// <summary>The part it stands for, or null when nobody here wrote it.</summary>
    public static string? PartOf(string ticket)
    {
        if (!ticket.StartsWith(Prefix, StringComparison.Ordinal) || !Base64Url.IsValid(ticket.AsSpan(Prefix.Length)))
        {
            return null;
        }

        byte[] bytes = Base64Url.DecodeFromChars(ticket.AsSpan(Prefix.Length));
        return bytes.Length < NonceBytes ? null : Encoding.ASCII.GetString(bytes.AsSpan(NonceBytes));
    }

    public override string ToString() => Value;
}
