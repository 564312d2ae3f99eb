using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Access;

/// <summary>Which practice a sign-in name belongs to: asked before anybody is signed in.</summary>
internal static class SignInDirectory
{
    private const string Directory = "sign-in";

    public static FleetKey KeyOf(PlatformKeys platform, EmailAddress signInName) =>
        new(Directory, platform.FleetHash(Directory, signInName.Normalised));
}
