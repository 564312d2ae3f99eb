using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace PracticPro.Vault;

/// <summary>
/// Keys of the platform as a whole, which belong to no tenant. They open nothing: they hash what is looked up before a
/// tenant is known, so that the fleet directory cannot be read back or probed.
/// </summary>
internal sealed class PlatformKeys(SecretBytes fleetHashKey) : IDisposable
{
    /// <summary>
    /// Keyed hash of a look-up value, 43 characters of base64url: the first 32 bytes of HMAC-SHA512 over the directory
    /// behind its length, then the value.
    /// </summary>
    /// <param name="directory">Which look-up; equal values of two directories give unlike hashes.</param>
    /// <param name="value">The value in its one spelling.</param>
    public string FleetHash(string directory, string value)
    {
        byte[] message = [
            .. SealContext.Prefixed(directory),
            .. new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(value)];
        var hash = HMACSHA512.HashData(fleetHashKey.Reveal("to hash a fleet look-up"), message);
        fleetHashKey.ThrowIfZeroedMeanwhile();
        return Base64Url.EncodeToString(hash.AsSpan(0, 32));
    }

    public void Dispose() => fleetHashKey.Dispose();

    public override string ToString() => "***";
}
