using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.Durable;
using PracticPro.Durable.History;
using PracticPro.Hosting;
using PracticPro.Hosting.Functions;
using PracticPro.Hosting.Functions.Workflows;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Hosting.Functions;

public sealed class MendFailedWorkflowsTests
{
    private const string HostSaid = "Function 'keep-mailbox-in-step' failed with an unhandled exception.";
    private const string Name = "keep-mailbox-in-step";
    private static readonly TenantId Tenant = TenantId.Parse("clinic");

    private readonly FakeClock clock = new();
    private readonly MemoryStorage storage;
    private readonly HubOfTest hub = new();

    public MendFailedWorkflowsTests() => storage = new MemoryStorage(clock);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_instance_that_the_host_failed_is_started_again_with_the_same_id_name_and_input()
    {
        Fail("mailbox-1", new FailureDetails("x", FailureCodes.Foreign, false, HostSaid), input: """{"connection":"c1"}""");

        Assert.Equal(1, await MendAsync());

        await CarryAsync();
        var start = Assert.Single(hub.Started);
        Assert.Equal((Name, "clinic:mailbox-1", """{"connection":"c1"}"""), (start.Name, start.Instance.Text, start.Input));
        Assert.True(start.RestartCompleted);
    }

    public static TheoryData<string, string, string?> OfTheHost => new()
    {
        { "Microsoft.Azure.WebJobs.Host.FunctionInvocationException", FailureCodes.DeliveryLost, null },
        { "System.Net.Http.HttpRequestException", FailureCodes.DeliveryLost, null },
        { "Whatever", FailureCodes.Foreign, HostSaid },
        { "", FailureCodes.Foreign, """{"message":"Function 'x' failed with an unhandled exception.","details":"…"}""" },
        { "durable", FailureCodes.TurnAbandoned, null },
    };

    [Theory]
    [MemberData(nameof(OfTheHost))]
    public async Task Every_way_in_which_a_host_fails_a_turn_is_known(string type, string code, string? detail)
    {
        Fail("mailbox-1", new FailureDetails(type, code, false, detail));

        Assert.Equal(1, await MendAsync());
    }

    public static TheoryData<string, string, string?> OfTheirOwn => new()
    {
        { "PracticPro.Durable.StepFailedException", "mailbox-gone", null },
        { "PracticPro.Durable.TaskFailedException", FailureCodes.TaskFailed, null },
        { "durable", FailureCodes.NonDeterminism, "Function 'x' failed with an unhandled exception." },
        { "durable", FailureCodes.TurnBroke, null },
        { "durable", FailureCodes.DeliveryLost, null },
        { "Their.Exception", FailureCodes.Foreign, "I say: Function 'x' failed with an unhandled exception." },
    };

    [Theory]
    [MemberData(nameof(OfTheirOwn))]
    public async Task An_instance_that_failed_by_itself_is_left(string type, string code, string? detail)
    {
        Fail("mailbox-1", new FailureDetails(type, code, false, detail));

        Assert.Equal(0, await MendAsync());
    }

    [Theory]
    [InlineData("clinic:0123456789abcdef0123456789abcdef")]
    [InlineData("nobodys")]
    public async Task A_child_and_an_instance_of_no_tenant_are_left(string instance)
    {
        Add(instance, new FailureDetails("x", FailureCodes.Foreign, false, HostSaid), Name, null);

        Assert.Equal(0, await MendAsync());
    }

    [Fact]
    public async Task An_instance_of_a_workflow_that_is_not_ours_is_left()
    {
        Add("clinic:mailbox-1", new FailureDetails("x", FailureCodes.Foreign, false, HostSaid), "somebody-elses", null);

        Assert.Equal(0, await MendAsync());
    }

    [Fact]
    public async Task One_failure_is_mended_once_however_often_and_by_however_many_it_is_seen()
    {
        Fail("mailbox-1");
        Fail("mailbox-2");

        var mended = await Task.WhenAll(MendAsync(), MendAsync(), MendAsync());

        Assert.Equal(2, mended.Sum());
        Assert.Equal(0, await MendAsync());
        await CarryAsync();
        Assert.Equal(2, hub.Started.Count);
    }

    [Fact]
    public async Task An_instance_that_fails_again_and_again_is_left_after_so_many_times_within_an_hour()
    {
        for (var time = 0; time < 3; time++)
        {
            FailAnew("mailbox-1");
            Assert.Equal(1, await MendAsync());
            clock.Advance(TimeSpan.FromMinutes(1));
        }

        FailAnew("mailbox-1");
        Assert.Equal(0, await MendAsync());

        clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, await MendAsync());
    }

    private void FailAnew(string name)
    {
        hub.Instances.Clear();
        Fail(name);
    }

    private void Fail(string name, FailureDetails? failure = null, string? input = "{}") =>
        Add($"{Tenant}:{name}", failure ?? new FailureDetails("x", FailureCodes.Foreign, false, HostSaid), Name, input);

    private void Add(string instance, FailureDetails failure, string name, string? input) => hub.Instances.Add(new InstanceStatus(
        InstanceId.Parse(instance), name, OrchestrationStatus.Failed, null, null, failure, clock.GetUtcNow(), clock.GetUtcNow(), input));

    private Task<int> MendAsync() => new MendFailedWorkflows(
        storage, new QueueBell(), Composition.Work(), new FunctionsOptions(), clock, NullLogger<MendFailedWorkflows>.Instance)
        .RunAsync(hub, Cancellation);

    private Task CarryAsync() => OrderFunctions.CarryAsync(new OrderFunctions.Ring(Tenant), hub, storage, Cancellation);
}
