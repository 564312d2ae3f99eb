using System.Security.Cryptography;
using System.Text;

namespace PracticPro.Sandbox.Microsoft;

/// <summary>Names made from other names: always the same for the same text.</summary>
internal static class Names
{
    public static string GuidOf(string text) =>
        new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16)).ToString();

    /// <summary>The directory every account of the sandbox is in.</summary>
    public static readonly string Tenant = GuidOf("tenant");

    /// <summary>The account's object id.</summary>
    public static string ObjectOf(string address) => GuidOf("user " + address.ToLowerInvariant());
}
