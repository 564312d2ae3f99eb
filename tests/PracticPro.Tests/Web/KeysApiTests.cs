namespace PracticPro.Tests.Web;

/// <summary>What the owner sees of a practice's keys, and how a rotation is asked for.</summary>
public sealed class KeysApiTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    [Trait("Promise", "ENC-2")]
    public async Task The_owner_sees_generations_and_asks_for_a_rotation_once()
    {
        var owner = await server.OwnerAsync();
        var before = await Caller.JsonAsync(await owner.GetAsync("/api/v1/keys"));
        var notes = before["purposes"]!.AsArray().Single(row => (string?)row!["purpose"] == "notes")!;
        Assert.Equal(1, (int)notes["seals"]!);
        Assert.Null(before["rotation"]);

        var asked = await Caller.JsonAsync(await owner.PostAsync("/api/v1/keys/rotation", new { compromised = false }));
        Assert.Equal("asked", (string?)asked["rotation"]!["reason"]);

        var again = await owner.PostAsync("/api/v1/keys/rotation", new { compromised = false });
        Assert.Equal("rotation-under-way", await Caller.CodeOfAsync(again));
    }
}
