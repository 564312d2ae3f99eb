using PracticPro.Kernel;

namespace PracticPro.Access;

/// <summary>Somebody with an account in one practice.</summary>
/// <param name="SignInName">Their mail address.</param>
/// <param name="PasswordHash">PBKDF2 with its own salt and work factor, as ASP.NET Core Identity writes it.</param>
internal sealed record Person(
    PersonId Id, EmailAddress SignInName, string Name, string PasswordHash, string Role, DateTimeOffset CreatedAt)
{
    // It holds what a password can be guessed against.
    public override string ToString() => "***";
}
