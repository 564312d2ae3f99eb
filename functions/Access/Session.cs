using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using PracticPro.Kernel;

namespace PracticPro.Access;

/// <summary>
/// One sign-in on one device, kept on the server: ending it there ends it (AUTH-4). Found by the hash of its token, so
/// that whoever reads the store cannot use what is in it.
/// </summary>
/// <param name="TokenHash">SHA-256 of the cookie's token, hexadecimal.</param>
/// <param name="CsrfToken">Goes with every state-changing request of this session (AUTH-6).</param>
internal sealed record Session(
    string TokenHash, PersonId Person, DateTimeOffset SignedInAt, DateTimeOffset ExpiresAt, string CsrfToken)
{
    public const string ByExpiry = "by-expiry";

    /// <summary>How long a session lives without signing in again.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    public static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>256 random bits as text.</summary>
    public static string NewToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public bool Accepts(string? csrfToken) =>
        csrfToken is not null && SecretText.AreEqual(CsrfToken, csrfToken);

    // It holds the token that proves a request is no forgery.
    public override string ToString() => "***";
}

/// <summary>The signed-in person of one request.</summary>
[JsonConverter(typeof(NeverJson<SignedIn>))]
internal sealed record SignedIn(TenantId Tenant, Person Person, Session Session)
{
    public Actor Actor => new Actor.Person(Person.Id);

    /// <summary>Gives the caller to an endpoint's handler. An endpoint that asks for one requires one: null never comes through.</summary>
    public static ValueTask<SignedIn?> BindAsync(HttpContext context) => new(context.Features.Get<SignedIn>());

    public bool May(Permission permission) => Roles.PermissionsOf(Person.Role).Contains(permission);
}
