using PracticPro.Durable;
using PracticPro.Durable.History;
using PracticPro.Tests.Durable;

namespace PracticPro.Tests.Contracts;

public abstract partial class OrchestrationContract
{
    [Fact]
    public async Task A_failure_that_nobody_catches_fails_the_instance()
    {
        await using var engine = await StartAsync(
            (context, input) => context.CallActivityAsync(Step, input), Failing("mailbox-gone"));
        await engine.StartAsync(Whole, One, 1);
        var end = await engine.EndAsync(One);
        Assert.Equal((OrchestrationStatus.Failed, "task-failed"), (end.Status, end.Failure?.Code));
    }

    [Fact]
    public async Task A_failed_instance_has_its_cause_inside()
    {
        await using var engine = await StartAsync(
            (context, input) => context.CallActivityAsync(Step, input), Failing("mailbox-gone"));
        engine.Needs(Ability.TellInnerFailures);
        await engine.StartAsync(Whole, One, 1);
        Assert.Equal("mailbox-gone", (await engine.EndAsync(One)).Failure?.Inner?.Code);
    }

    [Fact]
    public async Task An_exception_of_the_code_fails_the_instance_without_its_text()
    {
        await using var engine = await StartAsync(
            Task<int> (_, _) => throw new InvalidOperationException("Jane Roe"));
        await engine.StartAsync(Whole, One, 1);
        var end = await engine.EndAsync(One);
        Assert.Equal(OrchestrationStatus.Failed, end.Status);
        Assert.Equal(("System.InvalidOperationException", "unhandled"), (end.Failure?.Type, end.Failure?.Code));
        Assert.DoesNotContain("Jane", end.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exception_after_some_work_fails_the_instance_with_its_code()
    {
        await using var engine = await StartAsync(
            async Task<int> (context, input) =>
            {
                await context.CallActivityAsync(Lambdas.AddOne, input);
                throw new StepFailedException("no-consent", nonRetriable: true);
            },
            AddOne);
        await engine.StartAsync(Whole, One, 1);
        var end = await engine.EndAsync(One);
        Assert.Equal((OrchestrationStatus.Failed, "no-consent"), (end.Status, end.Failure?.Code));
    }

    [Fact]
    public async Task An_activity_failure_is_caught_by_its_code_its_type_and_its_name()
    {
        await using var engine = await StartAsync(
            async (context, input) =>
            {
                try
                {
                    await context.CallActivityAsync(Step, input);
                    return "nothing to catch";
                }
                catch (TaskFailedException failed) when (failed.Failure.Code == "mailbox-gone")
                {
                    return $"{failed.Name} {failed.Failure.Type} {failed.Failure.NonRetriable}";
                }
            },
            registry => registry.Activity(Step, (_, _) => throw new StepFailedException("mailbox-gone", true)));
        Assert.Equal("step PracticPro.Durable.StepFailedException True", await engine.RunAsync(Told, 1));
    }

    [Fact]
    public async Task The_text_of_an_activity_exception_reaches_nobody()
    {
        await using var engine = await StartAsync(
            (context, input) => Caught(context.CallActivityAsync(Step, input)),
            registry => registry.Activity(Step, (_, _) => throw new InvalidOperationException("Jane Roe")));
        Assert.Equal("unhandled System.InvalidOperationException False", await engine.RunAsync(Told, 1));
        Assert.DoesNotContain("Jane", (await engine.StatusAsync(One)).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fan_out_with_failures_tells_each_its_own()
    {
        await using var engine = await StartAsync(
            async (context, width) => string.Join(',', await Task.WhenAll(Enumerable.Range(0, width)
                .Select(number => CodeOf(context.CallActivityAsync(Step, number))))),
            registry => registry.Activity(
                Step, (_, number) => number % 2 == 0 ? number : throw new StepFailedException($"odd-{number}")));
        Assert.Equal("0,odd-1,2,odd-3,4", await engine.RunAsync(Told, 5));
    }

    [Fact]
    public async Task Inner_failures_are_kept_through_two_levels_of_parents()
    {
        var grandchild = new OrchestrationName<int, int>("grandchild");
        await using var engine = await StartAsync(
            async (context, input) =>
            {
                try
                {
                    return $"{await context.CallSubOrchestrationAsync(Child, input)}";
                }
                catch (TaskFailedException failed)
                {
                    var inner = failed.Failure.Inner;
                    return $"{failed.Failure.Code} {inner?.Code} {inner?.Inner?.Code} {inner?.Inner?.Inner is null}";
                }
            },
            registry => Failing("mailbox-gone")(registry
                .Code(Child, (context, input) => context.CallSubOrchestrationAsync(grandchild, input))
                .Code(grandchild, (context, input) => context.CallActivityAsync(Step, input))));
        Assert.Equal("task-failed task-failed mailbox-gone True", await engine.RunAsync(Told, 1));
    }

    [Fact]
    public async Task A_value_over_the_limit_fails_the_call_that_gives_it()
    {
        var text = new ActivityName<string, int>("text");
        await using var engine = await StartAsync(
            async (context, size) =>
            {
                try
                {
                    return $"{await context.CallActivityAsync(text, new string('x', size))}";
                }
                catch (PayloadTooLargeException refused)
                {
                    return $"{refused.Place}";
                }
            },
            registry => registry.Activity(text, (_, given) => given.Length));
        Assert.Equal("Input", await engine.RunAsync(Told, 16 * 1024));
    }

    [Fact]
    public async Task An_output_over_the_limit_fails_the_activity_that_gives_it()
    {
        var text = new ActivityName<int, string>("text");
        await using var engine = await StartAsync(
            (context, size) => Caught(context.CallActivityAsync(text, size)),
            registry => registry.Activity(text, (_, size) => new string('x', size)));
        Assert.Equal("payload-too-large durable True", await engine.RunAsync(Told, 16 * 1024));
    }

    private static Action<DurableRegistry> Failing(string code) =>
        registry => registry.Activity(Step, (_, _) => throw new StepFailedException(code));

    private static async Task<string> CodeOf<T>(Task<T> call)
    {
        try
        {
            return $"{await call}";
        }
        catch (TaskFailedException failed)
        {
            return failed.Failure.Code;
        }
    }

    private static async Task<string> Caught<T>(Task<T> call)
    {
        try
        {
            return $"{await call}";
        }
        catch (TaskFailedException failed)
        {
            return $"{failed.Failure.Code} {failed.Failure.Type} {failed.Failure.NonRetriable}";
        }
    }
}
