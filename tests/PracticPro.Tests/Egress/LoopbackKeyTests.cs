using System.Runtime.Versioning;
using PracticPro.Loopback;

namespace PracticPro.Tests.Egress;

/// <summary>Keys of stand-ins on this machine: whoever has them is believed by the program they serve.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class LoopbackKeyTests
{
    [Fact]
    public void The_keys_of_an_authority_and_of_its_tokens_are_their_owners_alone()
    {
        var folder = Directory.CreateTempSubdirectory("identity-").FullName;
        File.WriteAllText(Path.Combine(folder, "authority.key"), "left over, and open to all");

        LoopbackAuthority.OpenOrMake(folder);
        LoopbackTokens.OpenOrMake(folder);

        Assert.Equal(["authority.key", "tokens.key"], Directory.GetFiles(folder, "*.key").Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(
            Directory.GetFiles(folder, "*.key"),
            path => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path)));
        Directory.Delete(folder, recursive: true);
    }
}
