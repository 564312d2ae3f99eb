using PracticPro.Cli.Demo;

namespace PracticPro.Simulation.Crash;

/// <summary>What a person does in a run, and what is waited for, whatever breaks meanwhile.</summary>
internal sealed class Journey(DemoPerson person, StubbornPerson stubborn, Random random)
{
    public Task UntilReadAsync(string connection, TimeSpan patience, CancellationToken cancellation) => StubbornPerson.UntilAsync(
        "the mailbox to be read",
        async () => (await SyncAsync(connection, cancellation))?.CompleteSince is not null,
        patience,
        cancellation);

    public async Task DecideAsync(string connection, TimeSpan patience, CancellationToken cancellation)
    {
        var asked = random.Next(2, 7);
        await stubborn.AskForDraftsAsync(connection, asked, cancellation);

        // A message that was deleted meanwhile takes its conversation with it: one fewer may come.
        IReadOnlyList<DemoShapes.ApprovalLine> waiting = [];
        async Task<bool> SomeWaitAsync() => (waiting = await person.ApprovalsAsync("waiting", cancellation)).Count > 0;
        await StubbornPerson.UntilAsync("a reply to decide about", SomeWaitAsync, patience, cancellation);
        for (var decided = 0; decided < asked; decided++)
        {
            await StubbornPerson.UntilAsync(
                "the replies that wait",
                async () =>
                {
                    await SomeWaitAsync();
                    return true;
                },
                patience,
                cancellation);
            if (waiting.Count == 0)
            {
                return;
            }

            var one = waiting[random.Next(waiting.Count)].Id;
            await (random.Next(10) switch
            {
                < 6 => stubborn.ApproveAsync(one, edit: false, cancellation),
                < 8 => stubborn.ApproveAsync(one, edit: true, cancellation),
                _ => stubborn.RejectAsync(one, cancellation),
            });
        }
    }

    public Task UntilAllLeftAsync(TimeSpan patience, CancellationToken cancellation) => StubbornPerson.UntilAsync(
        "everything approved to leave",
        async () => (await person.ApprovalsAsync("approved", cancellation)).Count
            + (await person.ApprovalsAsync("sending", cancellation)).Count == 0,
        patience,
        cancellation);

    public async Task UntilQuietAsync(string connection, TimeSpan patience, CancellationToken cancellation)
    {
        await UntilAllLeftAsync(patience, cancellation);
        var quietAt = TimeProvider.System.GetUtcNow();
        await StubbornPerson.UntilAsync(
            "the mailbox to be followed to its end",
            async () => await SyncAsync(connection, cancellation) is { Phase: "in-step" } sync && sync.LookedAt > quietAt,
            patience,
            cancellation);
    }

    private async Task<DemoShapes.Progress?> SyncAsync(string connection, CancellationToken cancellation) =>
        (await person.ConnectionsAsync(cancellation)).Single(one => one.Id == connection).Sync;
}
