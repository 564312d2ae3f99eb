using Microsoft.AspNetCore.Identity;
using PracticPro.Kernel;

namespace PracticPro.Access;

internal enum PasswordVerdict
{
    Wrong,
    Right,

    /// <summary>Right, and hashed with an older work factor than is used today.</summary>
    RightButOld,
}

/// <summary>
/// Password hashing as ASP.NET Core Identity does it: PBKDF2 with HMAC-SHA512, a salt of its own, the work factor written
/// into the hash.
/// </summary>
internal static class PasswordHash
{
    // Identity's hasher takes a user and does not look at it.
    private static readonly PasswordHasher<Person> Hasher = new();

    public static string Of(SecretText password) => Hasher.HashPassword(null!, password.Reveal("hashing"));

    public static PasswordVerdict Check(string hash, SecretText password) =>
        Hasher.VerifyHashedPassword(null!, hash, password.Reveal("sign-in check")) switch
        {
            PasswordVerificationResult.Success => PasswordVerdict.Right,
            PasswordVerificationResult.SuccessRehashNeeded => PasswordVerdict.RightButOld,
            _ => PasswordVerdict.Wrong,
        };
}
