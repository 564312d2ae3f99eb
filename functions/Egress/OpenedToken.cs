using System.Security.Cryptography;
using System.Text;
using PracticPro.Kernel;

namespace PracticPro.Egress;

/// <summary>
/// A token while the door sends it: in memory that the collector never moves, zeroed on dispose. Prints as <c>***</c>.
/// <para>
/// The header needs a text, which cannot be zeroed: it, and what the HTTP client and TLS copy of it, live until the collector
/// comes by. A token in a form never is a text here.
/// </para>
/// </summary>
internal sealed class OpenedToken : IDisposable
{
    /// <summary>No provider's token comes near it.</summary>
    public const int MaximumBytes = 8 * 1024;

    private readonly byte[] bytes = GC.AllocateArray<byte>(MaximumBytes, pinned: true);
    private int length;

    private OpenedToken()
    {
    }

    /// <summary>Opens a token for the processor a request goes to.</summary>
    /// <exception cref="InvalidOperationException">It is for another processor: a bug, and nothing was opened.</exception>
    public static async ValueTask<Outcome<OpenedToken>> OpenAsync(
        SealedToken token, Processor processor, CancellationToken cancellation)
    {
        if (token.For != processor)
        {
            throw new InvalidOperationException("A token goes to its own processor only.");
        }

        var opened = new OpenedToken();
        try
        {
            var outcome = await token.OpenAsync(opened.bytes, cancellation);
            if (!outcome.Try(out opened.length, out var why))
            {
                return why;
            }

            var kept = opened;
            if (!kept.IsUsable())
            {
                return new EgressFailures.TokenNotUsable();
            }

            opened = null;
            return kept;
        }
        finally
        {
            opened?.Dispose();
        }
    }

    /// <summary>For the header; see the type.</summary>
    public string Text() => Encoding.ASCII.GetString(bytes, 0, length);

    /// <summary>A form with one field more: <c>form&amp;name=token</c>, the token percent-encoded. The caller zeroes it.</summary>
    public byte[] InForm(ReadOnlySpan<byte> form, string name)
    {
        var prefix = Encoding.ASCII.GetBytes(form.IsEmpty ? $"{name}=" : $"&{name}=");
        var encoded = 0;
        foreach (var each in bytes.AsSpan(0, length))
        {
            encoded += IsUnreserved(each) ? 1 : 3;
        }

        var whole = GC.AllocateArray<byte>(form.Length + prefix.Length + encoded, pinned: true);
        form.CopyTo(whole);
        prefix.CopyTo(whole, form.Length);
        var at = form.Length + prefix.Length;
        foreach (var each in bytes.AsSpan(0, length))
        {
            if (IsUnreserved(each))
            {
                whole[at++] = each;
            }
            else
            {
                whole[at++] = (byte)'%';
                whole[at++] = Digit(each >> 4);
                whole[at++] = Digit(each & 15);
            }
        }

        return whole;
    }

    /// <summary>A body with nothing but the token: <c>{"name":"token"}</c>. The caller zeroes it.</summary>
    public byte[] InJson(string name)
    {
        var prefix = Encoding.ASCII.GetBytes($"{{\"{name}\":\"");
        var escaped = bytes.AsSpan(0, length).Count((byte)'"') + bytes.AsSpan(0, length).Count((byte)'\\');
        var whole = GC.AllocateArray<byte>(prefix.Length + length + escaped + 2, pinned: true);
        prefix.CopyTo(whole, 0);
        var at = prefix.Length;
        foreach (var each in bytes.AsSpan(0, length))
        {
            if (each is (byte)'"' or (byte)'\\')
            {
                whole[at++] = (byte)'\\';
            }

            whole[at++] = each;
        }

        "\"}"u8.CopyTo(whole.AsSpan(at));
        return whole;
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(bytes);

    public override string ToString() => "***";

    // RFC 3986 section 2.3.
    private static bool IsUnreserved(byte symbol) =>
        char.IsAsciiLetterOrDigit((char)symbol) || symbol is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~';

    private static byte Digit(int value) => (byte)(value < 10 ? '0' + value : 'A' + value - 10);

    // Visible ASCII (RFC 6750 section 2.1, RFC 6749 appendix A): anything else could end the header, or be quoted by an error.
    private bool IsUsable() => length is > 0 and <= MaximumBytes && !bytes.AsSpan(0, length).ContainsAnyExceptInRange((byte)0x21, (byte)0x7e);
}
