using System.Net;
using System.Security.Cryptography;
using System.Text;
using PracticPro.Kernel;

namespace PracticPro.Access;

/// <summary>
/// Signing in as outsiders may try it: slowed down by address and by name (AUTH-5). Only failed tries count, and a name
/// is counted whether or not somebody has it, so that the pause tells nothing.
/// </summary>
internal sealed class SignInAtTheDoor(SignIn signIn, AccessOptions options, TimeProvider time)
{
    private static readonly TimeSpan NameRefill = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AddressRefill = TimeSpan.FromSeconds(2);

    private readonly TryBudget names = new(options.TriesPerName, NameRefill, time);
    private readonly TryBudget addresses = new(options.TriesPerAddress, AddressRefill, time);

    public async Task<Outcome<SignIn.Result>> RunAsync(
        IPAddress? from, string? name, string? password, CancellationToken cancellation)
    {
        var (addressKey, nameKey) = (KeyOf(from), KeyOf(name));
        if (addresses.Take(addressKey) is { } addressWait)
        {
            return new AccessFailures.TooManyTries(addressWait);
        }

        if (names.Take(nameKey) is { } nameWait)
        {
            return new AccessFailures.TooManyTries(nameWait);
        }

        var outcome = await signIn.RunAsync(name, new SecretText(password ?? ""), cancellation);
        if (outcome.Succeeded)
        {
            addresses.GiveBack(addressKey);
            names.GiveBack(nameKey);
        }

        return outcome;
    }

    // An IPv6 customer holds a /64: its addresses are one.
    private static string KeyOf(IPAddress? from)
    {
        var address = from is { IsIPv4MappedToIPv6: true } ? from.MapToIPv4() : from ?? IPAddress.None;
        return Convert.ToHexString(address.GetAddressBytes().AsSpan(0, address.GetAddressBytes().Length == 16 ? 8 : 4));
    }

    // The name itself is not kept in memory.
    private static string KeyOf(string? name) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes((name ?? "").Trim().ToLowerInvariant())));
}
