using System.Reflection;
using PracticPro.Durable;
using PracticPro.Durable.Triggers;
using PracticPro.Hosting;
using PracticPro.Hosting.Functions.Declarations;
using PracticPro.Kernel;
using PracticPro.Tests.Architecture;

namespace PracticPro.Tests.Hosting.Functions;

public sealed class FunctionCatalogTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("practicpro-emit-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Every_workflow_part_of_the_rooms_is_a_function_of_its_name()
    {
        var functions = Composition.Functions().All.ToList();

        Assert.Contains(functions, one => one is FunctionDeclaration.Orchestration { Name: "keep-mailbox-in-step" });
        Assert.Contains(functions, one => one is FunctionDeclaration.Activity { Name: "take-sync-step" });
        Assert.Single(functions, one => one is FunctionDeclaration.Http);
    }

    [Fact]
    public void Every_method_that_declares_a_function_is_in_the_catalog()
    {
        const BindingFlags Any = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        var declared = typeof(TenantId).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(Any))
            .Select(method => method.GetCustomAttribute<FunctionAttribute>()?.Name)
            .OfType<string>()
            .ToList();

        Assert.NotEmpty(declared);
        Assert.All(declared, name => Assert.True(Composition.Functions().TryFind(name, out _), name));
    }

    [Fact]
    public void A_function_has_one_trigger_and_no_output_that_the_host_would_guess_about()
    {
        foreach (var function in Composition.Functions().All)
        {
            var json = FunctionJson.Of(function);

            Assert.Single(function.Bindings, binding => binding.Type.EndsWith("Trigger", StringComparison.Ordinal));
            Assert.DoesNotContain("$return", json, StringComparison.Ordinal);
            Assert.DoesNotContain('\r', json);
            Assert.Equal(
                function.Bindings.Count,
                function.Bindings.Select(binding => binding.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        }
    }

    [Fact]
    public async Task The_folders_are_the_functions_and_are_written_the_same_each_time()
    {
        var names = await EmitFolders.WriteAsync(Composition.Functions(), folder.FullName, Cancellation);
        var first = Contents();
        await EmitFolders.WriteAsync(Composition.Functions(), folder.FullName, Cancellation);

        Assert.Equal(first, Contents());
        Assert.Equal(names, folder.GetDirectories().Select(one => one.Name).Order(StringComparer.Ordinal));
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
    }

    [Fact]
    public async Task A_function_that_is_no_more_is_taken_away_and_nothing_else_is()
    {
        folder.CreateSubdirectory("gone");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "gone", "function.json"), "{}", Cancellation);
        folder.CreateSubdirectory("wwwroot");

        await EmitFolders.WriteAsync(Composition.Functions(), folder.FullName, Cancellation);

        Assert.False(Directory.Exists(Path.Combine(folder.FullName, "gone")));
        Assert.True(Directory.Exists(Path.Combine(folder.FullName, "wwwroot")));
    }

    [Fact]
    public void The_host_json_of_the_source_tree_is_the_one_that_is_emitted() =>
        Assert.Equal(HostJson.Text, File.ReadAllText(Path.Combine(Source.Root, "host.json")));

    [Fact]
    public void The_host_json_says_the_time_limit_that_ours_stay_below() =>
        Assert.Contains($"\"functionTimeout\": \"{HostJson.FunctionTimeout:c}\"", HostJson.Text, StringComparison.Ordinal);

    [Theory]
    [InlineData(typeof(NoTrigger))]
    [InlineData(typeof(TwoTriggers))]
    [InlineData(typeof(BadName))]
    [InlineData(typeof(NameOfAWorkflow))]
    [InlineData(typeof(TimerWithoutTick))]
    public void A_declaration_that_cannot_be_stops_the_start(Type type) => Assert.Throws<InvalidOperationException>(
        () => new FunctionCatalog(
            new DurableRegistry().AddOrchestration<Nothing>("taken"), [new FunctionContribution(type)]));

    [Fact]
    public void Names_are_told_apart_as_a_path_is_written()
    {
        var catalog = Composition.Functions();

        Assert.True(catalog.TryFind("http", out _));
        Assert.False(catalog.TryFind("HTTP", out _));
    }

    private List<string> Contents() =>
    [
        .. folder.GetFiles("*", SearchOption.AllDirectories)
            .OrderBy(file => file.FullName, StringComparer.Ordinal)
            .Select(file => $"{file.FullName}\n{File.ReadAllText(file.FullName)}"),
    ];

    private sealed class Nothing : Orchestration<int, int>
    {
        public override Task<int> RunAsync(OrchestrationContext context, int input) => Task.FromResult(input);
    }

    private static class NoTrigger
    {
        [Function("fine")]
        internal static Task RunAsync() => Task.CompletedTask;
    }

    private static class TwoTriggers
    {
        [Function("fine")]
        internal static Task<string> RunAsync([QueueTrigger("q")] string message, [TimerTrigger("0 * * * * *")] TimerTick tick) =>
            Task.FromResult($"{message}{tick}");
    }

    private static class BadName
    {
        [Function("9 lives")]
        internal static Task<string> RunAsync([QueueTrigger("q")] string message) => Task.FromResult(message);
    }

    private static class NameOfAWorkflow
    {
        [Function("Taken")]
        internal static Task<string> RunAsync([QueueTrigger("q")] string message) => Task.FromResult(message);
    }

    private static class TimerWithoutTick
    {
        [Function("fine")]
        internal static Task<string> RunAsync([TimerTrigger("0 * * * * *")] string message) => Task.FromResult(message);
    }
}
