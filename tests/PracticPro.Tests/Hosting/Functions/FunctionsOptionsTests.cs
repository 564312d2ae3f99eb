using PracticPro.Hosting.Functions;
using PracticPro.Hosting.Functions.Declarations;

namespace PracticPro.Tests.Hosting.Functions;

public sealed class FunctionsOptionsTests
{
    [Fact]
    public void As_they_come_they_are_good_and_end_before_the_host_loses_patience()
    {
        var options = new FunctionsOptions();

        Assert.Empty(options.Errors());
        Assert.True(options.TurnLimit * 10 < HostJson.FunctionTimeout);
        Assert.True(options.CallLimit + options.BackPatience < HostJson.FunctionTimeout);
        Assert.InRange(options.Threads, 2, 1_000);
    }

    [Fact]
    public void All_that_is_wrong_is_said_at_once()
    {
        var options = new FunctionsOptions
        {
            TurnLimit = TimeSpan.Zero,
            TurnThreads = -1,
            CallLimit = HostJson.FunctionTimeout,
            HttpLimit = TimeSpan.FromSeconds(230),
            BackPatience = TimeSpan.FromHours(1),
            LargestPayload = 1,
            FrontMemory = -1,
            DurableExtension = 4,
            TrustedHops = 9,
            RestartsPerHour = -1,
        };

        Assert.Equal(10, options.Errors().Count());
    }
}
