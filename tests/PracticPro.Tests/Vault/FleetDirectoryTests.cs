using PracticPro.Storage;
using PracticPro.Tests.Support;
using PracticPro.Vault;

namespace PracticPro.Tests.Vault;

/// <summary>Entries under two keys at once, with another process coming in between any two steps.</summary>
public sealed class FleetDirectoryTests : IDisposable
{
    private const string Directory = "sign-in";
    private const string Name = "ada@practice.example";

    private static readonly FleetEntry One = new(VaultFixture.A, "person-1");
    private static readonly FleetEntry Other = new(VaultFixture.B, "person-2");

    private readonly VaultFixture vault = VaultFixture.Make();
    private readonly MemoryFleet fleet = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IFleetHashKeys Keys => vault.Local.FleetHashKeys;

    private DateTimeOffset Now => vault.Clock.GetUtcNow();

    public void Dispose() => vault.Dispose();

    [Fact]
    public async Task An_entry_under_the_old_key_is_found_refused_to_another_and_let_go()
    {
        Assert.True(await (await ProgramAsync()).ClaimAsync(Directory, Name, One, Cancellation));
        await Keys.MakeAsync(2, Now, Cancellation);
        var program = await ProgramAsync();

        Assert.Equal(One, await program.FindAsync(Directory, Name, Cancellation));
        Assert.False(await program.ClaimAsync(Directory, Name, Other, Cancellation));
        Assert.True(await program.ClaimAsync(Directory, Name, One, Cancellation));
        Assert.Equal(2, fleet.Entries.Count);
        await program.ReleaseAsync(Directory, Name, One, Cancellation);
        Assert.Empty(fleet.Entries);
    }

    [Fact]
    public async Task A_generation_is_looked_under_but_not_claimed_under_before_its_moment()
    {
        await Keys.MakeAsync(2, Now + TimeSpan.FromMinutes(1), Cancellation);
        var program = await ProgramAsync();
        Assert.True(await program.ClaimAsync(Directory, Name, One, Cancellation));
        Assert.Single(fleet.Entries);
        vault.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(await program.ClaimAsync(Directory, Name, One, Cancellation));
        Assert.Equal(2, fleet.Entries.Count);
    }

    [Theory]
    [InlineData("first-only", "both")]
    [InlineData("both", "first-only")]
    [InlineData("both", "both")]
    [InlineData("both", "second-only")]
    [InlineData("second-only", "both")]
    public async Task Of_two_who_claim_one_name_at_once_one_gets_it_whatever_each_knows(string first, string second)
    {
        var programs = await ProgramsAsync();
        for (var at = 1; at <= 8; at++)
        {
            fleet.Entries.Clear();
            var others = false;
            var when = at;
            var mine = await programs[first](async (step, _) => others = step == when
                ? await (await programs[second](Nothing)).ClaimAsync(Directory, Name, Other, Cancellation)
                : others);
            var got = await mine.ClaimAsync(Directory, Name, One, Cancellation);

            Assert.False(got && others);
            if (got || others)
            {
                var winner = got ? One : Other;
                Assert.All(fleet.Entries.Values, entry => Assert.Equal(winner, entry));
                Assert.Equal(winner, await (await programs[first](Nothing)).FindAsync(Directory, Name, Cancellation));
                Assert.Equal(winner, await (await programs[second](Nothing)).FindAsync(Directory, Name, Cancellation));
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_its_owner_lets_go_while_it_is_moved_stays_nowhere(bool letGo)
    {
        var before = await ProgramAsync();
        await Keys.MakeAsync(2, Now, Cancellation);
        for (var at = 1; at <= 8; at++)
        {
            fleet.Entries.Clear();
            await before.ClaimAsync(Directory, Name, One, Cancellation);
            var when = at;
            var mover = await ProgramAsync(async (step, _) =>
            {
                if (step == when)
                {
                    await (await ProgramAsync()).ReleaseAsync(Directory, Name, One, Cancellation);
                }
            });
            await mover.MoveAsync(Directory, Name, One, isHeld: false, letGo, Cancellation);
            await (await ProgramAsync()).ReleaseAsync(Directory, Name, Other, Cancellation);
            if (at <= 4)
            {
                Assert.Empty(fleet.Entries);
            }

            // And the other way: moved between two steps of letting go.
            fleet.Entries.Clear();
            await before.ClaimAsync(Directory, Name, One, Cancellation);
            var owner = await ProgramAsync(async (step, _) =>
            {
                if (step == when)
                {
                    await (await ProgramAsync()).MoveAsync(Directory, Name, One, isHeld: false, letGo, Cancellation);
                }
            });
            await owner.ReleaseAsync(Directory, Name, One, Cancellation);
            Assert.Empty(fleet.Entries);
        }
    }

    [Fact]
    public async Task An_entry_is_found_at_every_step_of_its_move()
    {
        var before = await ProgramAsync();
        await before.ClaimAsync(Directory, Name, One, Cancellation);
        await Keys.MakeAsync(2, Now, Cancellation);
        var reader = await ProgramAsync();
        var mover = await ProgramAsync(async (_, _) =>
            Assert.Equal(One, await reader.FindAsync(Directory, Name, Cancellation)));
        Assert.Equal(FleetMove.Moved, await mover.MoveAsync(Directory, Name, One, isHeld: true, letGo: true, Cancellation));
        Assert.Equal(FleetMove.InPlace, await mover.MoveAsync(Directory, Name, One, isHeld: true, letGo: true, Cancellation));
        Assert.Single(fleet.Entries);
    }

    [Fact]
    public async Task One_who_looks_while_it_is_moved_whole_finds_it()
    {
        var before = await ProgramAsync();
        await Keys.MakeAsync(2, Now, Cancellation);
        for (var at = 1; at <= 3; at++)
        {
            fleet.Entries.Clear();
            await before.ClaimAsync(Directory, Name, One, Cancellation);
            var when = at;
            var reader = await ProgramAsync(async (step, _) =>
            {
                if (step == when)
                {
                    await (await ProgramAsync()).MoveAsync(Directory, Name, One, isHeld: true, letGo: true, Cancellation);
                }
            });
            Assert.Equal(One, await reader.FindAsync(Directory, Name, Cancellation));
        }
    }

    [Fact]
    public async Task What_is_anothers_under_both_keys_is_missing_and_under_the_newest_alone_refused()
    {
        var before = await ProgramAsync();
        await before.ClaimAsync(Directory, Name, One, Cancellation);
        await Keys.MakeAsync(2, Now, Cancellation);
        var program = await ProgramAsync();
        Assert.Equal(FleetMove.Missing, await program.MoveAsync(Directory, Name, Other, isHeld: true, letGo: true, Cancellation));
        Assert.Equal(FleetMove.None, await program.MoveAsync(Directory, Name, Other, isHeld: false, letGo: true, Cancellation));

        var newest = new FleetKey(Directory, vault.Local.PlatformKeys.FleetHash(Directory, Name));
        await vault.Local.PlatformKeys.LookAsync(Cancellation);
        newest = newest with { KeyedHash = vault.Local.PlatformKeys.FleetHash(Directory, Name) };
        await fleet.ClaimAsync(newest, Other, Cancellation);
        Assert.Equal(FleetMove.Refused, await program.MoveAsync(Directory, Name, One, isHeld: true, letGo: true, Cancellation));
        Assert.Equal(2, fleet.Entries.Count);
    }

    private static Task Nothing(int step, bool writes) => Task.CompletedTask;

    /// <summary>A program that knows what the key store says now, and no more of what it says later.</summary>
    private async Task<FleetDirectory> ProgramAsync(Func<int, bool, Task>? between = null) =>
        new(new SteppedFleet(fleet, between ?? Nothing), await PlatformKeys.OpenAsync(Keys, vault.Clock, Cancellation));

    /// <summary>Programs of each state of knowledge that may meet another.</summary>
    private async Task<Dictionary<string, Func<Func<int, bool, Task>, Task<FleetDirectory>>>> ProgramsAsync()
    {
        var programs = new Dictionary<string, Func<Func<int, bool, Task>, Task<FleetDirectory>>>(StringComparer.Ordinal);
        async Task KeepAsync(string name)
        {
            var keys = await PlatformKeys.OpenAsync(Keys, vault.Clock, Cancellation);
            programs[name] = between => Task.FromResult(new FleetDirectory(new SteppedFleet(fleet, between), keys));
        }

        await KeepAsync("first-only");
        await Keys.MakeAsync(2, Now, Cancellation);
        await KeepAsync("both");
        await Keys.LetGoAsync(1, Now, Cancellation);
        await KeepAsync("second-only");
        return programs;
    }
}
