using PracticPro.Keys.Platform;
using PracticPro.Vault;

namespace PracticPro.Tests.Keys.Platform;

public sealed class FleetHashStepTests
{
    private static readonly DateTimeOffset Now = new(2027, 3, 1, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_is_next_follows_from_what_is_stored()
    {
        var one = new FleetHashGeneration(1, DateTimeOffset.UnixEpoch);
        Assert.Equal(new FleetHashStep.Rest(one), FleetHashStep.Next([one], Now));
        var young = new FleetHashGeneration(2, Now.AddMinutes(1));
        Assert.Equal(new FleetHashStep.Wait(young.UsedFrom), FleetHashStep.Next([one, young], Now));
        var used = young with { UsedFrom = Now };
        Assert.Equal(new FleetHashStep.Enter(1), FleetHashStep.Next([one, used], Now));
        var leaving = one with { LetGoFrom = Now.AddMinutes(1) };
        Assert.Equal(new FleetHashStep.Wait(Now.AddMinutes(1)), FleetHashStep.Next([leaving, used], Now));
        Assert.Equal(new FleetHashStep.Retire(1), FleetHashStep.Next([leaving with { LetGoFrom = Now }, used], Now));
        Assert.Equal(new FleetHashStep.Rest(used), FleetHashStep.Next([used], Now));
    }
}
