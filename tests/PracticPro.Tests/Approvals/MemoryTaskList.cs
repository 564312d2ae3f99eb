using System.Globalization;
using System.Text.Json.Nodes;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Published;
using PracticPro.Tests.Contracts;

namespace PracticPro.Tests.Approvals;

/// <summary>
/// A task list in memory that behaves as Microsoft To Do does: it gives ids of its own, so that a task is found again by the
/// mark in it and by nothing else. It asks for permits as the door does.
/// </summary>
internal sealed class MemoryTaskList : TaskListUnderTest, ITaskWriter
{
    private static readonly ProviderOperation Add =
        ProviderOperation.WriteWhole("memory-tasks-add", HttpMethod.Post, "/lists/{0}/tasks");

    private static readonly Processor Place = new("memory-tasks", new Uri("https://tasks.example"), "A double.", [Add]);

    private readonly Dictionary<string, (TaskContent Task, string Mark)> tasks = [];
    private readonly Lock gate = new();
    private WriteFault? fault;

    public override TenantId Tenant { get; } = TenantId.Parse("test-a");

    public override ConnectionId Connection { get; } = ConnectionId.New(TimeProvider.System);

    public override ITaskWriter Writer => this;

    public override void FailNextWrite(WriteFault fault) => this.fault = fault;

    public override async Task<IReadOnlyList<TaskContent>> TasksAsync()
    {
        await Task.CompletedTask;
        lock (gate)
        {
            return [.. tasks.Values.Select(one => one.Task)];
        }
    }

    public Task<Outcome<SenderStanding>> StandingAsync(
        TenantId tenant, ConnectionId connection, CancellationToken cancellation) =>
        Task.FromResult(new Outcome<SenderStanding>(
            new SenderStanding(EmailAddress.Parse("owner@practice.example"), Active: true, MaySend: true)));

    public Task<Outcome<OutgoingWrite>> ComposeAsync(
        TenantId tenant, ConnectionId connection, TaskOrder order, CancellationToken cancellation)
    {
        var body = new JsonObject { ["title"] = order.Task.Title, ["notes"] = order.Task.Notes, ["mark"] = order.Mark.Hex };
        if (order.Task.Due is { } due)
        {
            body["due"] = due.ToString("O", CultureInfo.InvariantCulture);
        }

        return Task.FromResult(new Outcome<OutgoingWrite>(OutgoingWrite.Of(
            new EgressRequest(Place, Add) { PathArguments = ["main"], Body = CanonicalBody.Of(body) })));
    }

    public Task<WriteOutcome> WriteAsync(
        TenantId tenant, ConnectionId connection, SendPermit permit, OutgoingWrite write, CancellationToken cancellation)
    {
        var request = write.ToRequest(Place);
        if (permit.Tenant != tenant || !permit.TrySpend(request.Operation, request.Operation.Outgoing!(request)!.Value.Span))
        {
            return Task.FromResult<WriteOutcome>(new WriteOutcome.NotDone(new EgressFailures.NoPermit()));
        }

        lock (gate)
        {
            var now = fault;
            fault = null;
            switch (now)
            {
                case WriteFault.RateLimit:
                    return Task.FromResult<WriteOutcome>(new WriteOutcome.NotDone(new Pause()));
                case WriteFault.LoseRequest or WriteFault.ServerError:
                    return Task.FromResult<WriteOutcome>(new WriteOutcome.Unclear());
            }

            var json = JsonNode.Parse(request.Body.Span)!;
            var id = string.Create(CultureInfo.InvariantCulture, $"task{tasks.Count}");
            var due = json["due"] is { } day
                ? DateOnly.ParseExact((string)day!, "O", CultureInfo.InvariantCulture)
                : (DateOnly?)null;
            tasks[id] = (new TaskContent((string)json["title"]!, due, (string)json["notes"]!), (string)json["mark"]!);
            return Task.FromResult<WriteOutcome>(
                now is WriteFault.LoseAnswer ? new WriteOutcome.Unclear() : new WriteOutcome.Done(id));
        }
    }

    public async Task<Outcome<WriteTrace>> LookUpAsync(
        TenantId tenant, ConnectionId connection, TaskOrder order, OutgoingWrite write, CancellationToken cancellation)
    {
        await Task.CompletedTask;
        lock (gate)
        {
            return tasks.FirstOrDefault(one => one.Value.Mark == order.Mark.Hex) is { Key: { } id }
                ? new WriteTrace.Done(id)
                : new WriteTrace.Nowhere();
        }
    }

    private sealed record Pause() : Failure.TooMany("provider-rate-limited", "The provider asks for a pause.", TimeSpan.FromSeconds(7));
}
