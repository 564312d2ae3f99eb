using System.CommandLine;
using System.Text.Json;
using PracticPro.Durable;
using PracticPro.Durable.Embedded;
using PracticPro.Kernel;

namespace PracticPro.Cli;

/// <summary>
/// <c>hub start|status|raise|terminate|purge|list|serve</c>: workflows by hand, in a data folder no server runs on. Nothing is
/// run by it: what is asked of an instance is kept, and obeyed when the program next serves. Answers are one line of
/// JSON an instance, or one word.
/// </summary>
internal static class HubVerb
{
    private const int PageSize = 100;

    public static Command Command(CliCall call)
    {
        var id = new Argument<string>("INSTANCE") { Description = "The instance's id." };
        var name = new Argument<string>("NAME") { Description = "The orchestration's, or the event's, name." };
        var json = new Option<string?>("--json") { Description = "What it is given, as JSON." };
        var reason = new Option<string>("--reason") { Description = "A code word, never content.", DefaultValueFactory = static _ => "by-hand" };
        var children = new Option<bool>("--with-children") { Description = "Also everything it started." };
        var prefix = new Option<string?>("--prefix") { Description = "Only ids that begin so; TENANT: for one practice's." };
        return new Command("hub", "Workflows by hand. The server must not be running.")
        {
            Verb("start", "Starts an instance.", [name, id, json], (hub, line, stop) => StartAsync(
                hub, line.GetRequiredValue(name), line.GetRequiredValue(id), line.GetValue(json), stop)),
            Verb("status", "Shows an instance.", [id], (hub, line, stop) => StatusAsync(
                hub, line.GetRequiredValue(id), stop)),
            Verb("raise", "Raises an event to an instance.", [id, name, json], (hub, line, stop) => RaiseAsync(
                hub, line.GetRequiredValue(id), line.GetRequiredValue(name), line.GetValue(json), stop)),
            Verb("terminate", "Ends an instance.", [id, reason, children], (hub, line, stop) => TerminateAsync(
                hub, line.GetRequiredValue(id), line.GetRequiredValue(reason), line.GetValue(children), stop)),
            Verb("purge", "Deletes a completed instance and its history.", [id], (hub, line, stop) => PurgeAsync(
                hub, line.GetRequiredValue(id), stop)),
            Verb("list", "Lists instances, oldest first.", [prefix], (hub, line, stop) => ListAsync(
                hub, line.GetValue(prefix), stop)),
            HubServeVerb.Command(call),
        };

        Command Verb(string verb, string about, Symbol[] parts, Func<IHub, ParseResult, CancellationToken, Task<Answer>> act)
        {
            var command = new Command(verb, about);
            Array.ForEach(parts, part => Add(command, part));
            command.SetAction((line, cancellation) => RunAsync(call, hub => act(hub, line, cancellation), cancellation));
            return command;
        }
    }

    private static void Add(Command command, Symbol part)
    {
        if (part is Argument argument)
        {
            command.Add(argument);
        }
        else
        {
            command.Add((Option)part);
        }
    }

    private static async Task<int> RunAsync(CliCall call, Func<IHub, Task<Answer>> act, CancellationToken cancellation)
    {
        var folder = OpenedFolder.Settings(call.Settings).Standalone.Folder;
        if (!File.Exists(Path.Combine(folder, "hub.db")))
        {
            return await call.RefuseAsync("The data folder has no workflows. Name another with --Standalone:Folder.", ExitCodes.NotBegun);
        }

        await using var nothing = new ServiceCollection().AddSingleton(TimeProvider.System).BuildServiceProvider();
        await using var hub = EmbeddedHub.Open(new DurableRegistry(), nothing, new DurableOptions { Folder = folder });
        hub.StartHeld();
        var answer = await act(hub);
        foreach (var line in answer.Lines)
        {
            await call.Output.WriteLineAsync(line.AsMemory(), cancellation);
        }

        return answer.Good ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static async Task<Answer> StartAsync(IHub hub, string name, string id, string? json, CancellationToken stop) =>
        !InstanceId.TryParse(id, out var instance) || !IsJson(json)
            ? Answer.Malformed
            : Answer.Of(await hub.StartAsync(new StartRequest(name, instance, json), stop), StartOutcome.Started);

    private static async Task<Answer> StatusAsync(IHub hub, string id, CancellationToken stop) =>
        InstanceId.TryParse(id, out var instance) && await hub.GetStatusAsync(instance, stop) is { } status
            ? new Answer(true, Line(status))
            : new Answer(false, nameof(CommandOutcome.NotFound));

    private static async Task<Answer> RaiseAsync(IHub hub, string id, string name, string? json, CancellationToken stop) =>
        !InstanceId.TryParse(id, out var instance) || !IsJson(json)
            ? Answer.Malformed
            : Answer.Of(
                await hub.RaiseEventAsync(new RaiseRequest(instance, name, json, DeliveryId.New(TimeProvider.System)), stop),
                RaiseOutcome.Raised);

    private static async Task<Answer> TerminateAsync(IHub hub, string id, string reason, bool children, CancellationToken stop) =>
        !InstanceId.TryParse(id, out var instance)
            ? Answer.Malformed
            : Answer.Of(await hub.TerminateAsync(instance, reason, children, stop), CommandOutcome.Accepted);

    private static async Task<Answer> PurgeAsync(IHub hub, string id, CancellationToken stop) =>
        !InstanceId.TryParse(id, out var instance)
            ? Answer.Malformed
            : Answer.Of(await hub.PurgeAsync(instance, stop), PurgeOutcome.Purged);

    private static async Task<Answer> ListAsync(IHub hub, string? prefix, CancellationToken stop)
    {
        List<string> lines = [];
        var query = new InstanceQuery(IdPrefix: prefix, PageSize: PageSize);
        Cursor? from = null;
        do
        {
            var page = await hub.ListAsync(query, from, stop);
            lines.AddRange(page.Items.Select(Line));
            from = page.Next;
        }
        while (from is not null);
        return new Answer(true, [.. lines]);
    }

    // Ids, names, states and times; a payload may hold more than a terminal should show.
    private static string Line(InstanceStatus status) => JsonSerializer.Serialize(new
    {
        instance = status.Instance.Text,
        name = status.Name,
        status = status.Status.ToString(),
        created = status.CreatedAt,
        updated = status.UpdatedAt,
        failure = status.Failure?.Code,
    });

    private static bool IsJson(string? text)
    {
        try
        {
            using var parsed = text is null ? null : JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private sealed record Answer(bool Good, params string[] Lines)
    {
        public static readonly Answer Malformed = new(false, "Malformed");

        public static Answer Of<T>(T outcome, T good)
            where T : struct, Enum => new(outcome.Equals(good), outcome.ToString());
    }
}
