namespace PracticPro.Cli.Demo;

/// <summary>
/// The person of the automatic run: approves a reply and waits until it left, edits one and approves it, rejects one,
/// approves one and has the server killed before it can leave, and approves a few more.
/// </summary>
/// <param name="killAndRestart">SIGKILL to the server, and a new one on the same folder.</param>
internal sealed class DemoPlay(DemoPerson person, DemoScreen screen, Func<Task> killAndRestart)
{
    private const int MostApproved = 6;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly HashSet<string> approved = new(StringComparer.Ordinal);
    private readonly HashSet<string> rejected = new(StringComparer.Ordinal);

    /// <summary>Message-IDs of what was approved, without angle brackets.</summary>
    public IReadOnlySet<string> Approved => approved;

    /// <summary>Ids of what was rejected.</summary>
    public IReadOnlySet<string> Rejected => rejected;

    public async Task RunAsync(CancellationToken cancellation)
    {
        var waiting = new Queue<DemoShapes.ApprovalLine>(await person.ApprovalsAsync("waiting", cancellation));

        var first = await ApproveNextAsync(waiting, edit: false, cancellation);
        await UntilSentAsync(first, cancellation);
        await screen.SayAsync($"Approved a reply; it left after the time to undo.");

        await ApproveNextAsync(waiting, edit: true, cancellation);
        await screen.SayAsync($"Edited a reply and approved the new text.");

        var refused = await person.ApprovalAsync(waiting.Dequeue().Id, cancellation);
        if (await person.RejectAsync(refused, "Not this one.", cancellation) is not null)
        {
            rejected.Add(refused.Id);
            await screen.SayAsync($"Rejected a reply.");
        }

        await ApproveNextAsync(waiting, edit: false, cancellation);
        await killAndRestart();
        await screen.SayAsync($"Approved a reply, killed the server before it could leave, and started it again.");

        while (approved.Count < MostApproved && await ApproveNextAsync(waiting, edit: false, cancellation) is not null)
        {
            await screen.SayAsync($"Approved one more.");
        }

        await UntilNothingMovesAsync(cancellation);
    }

    /// <summary>The next one that the program lets go; null when there is none.</summary>
    private async Task<string?> ApproveNextAsync(
        Queue<DemoShapes.ApprovalLine> waiting, bool edit, CancellationToken cancellation)
    {
        while (waiting.TryDequeue(out var line))
        {
            var shown = await person.ApprovalAsync(line.Id, cancellation);
            var toApprove = edit
                ? await person.EditAsync(shown, $"{shown.Text}\n\nPS: We are open on Saturdays as well.", cancellation)
                : shown;
            if (toApprove is not null && await person.ApproveAsync(toApprove, cancellation) is { } done)
            {
                approved.Add(done.MessageId.Trim('<', '>'));
                return done.Id;
            }
        }

        return null;
    }

    private async Task UntilSentAsync(string? id, CancellationToken cancellation)
    {
        if (id is null)
        {
            return;
        }

        await screen.WatchAsync(
            "Waiting until it left",
            async () =>
            {
                var state = (await person.ApprovalAsync(id, cancellation)).State;
                var over = state is not ("approved" or "sending");
                return new DemoScreen.Stand(over ? 1 : 0, 1, over);
            },
            Patience,
            cancellation);
    }

    private Task UntilNothingMovesAsync(CancellationToken cancellation) => screen.WatchAsync(
        "Waiting until all approved replies left",
        async () =>
        {
            var moving = (await person.ApprovalsAsync("approved", cancellation)).Count
                + (await person.ApprovalsAsync("sending", cancellation)).Count;
            return new DemoScreen.Stand(approved.Count - moving, approved.Count, moving == 0);
        },
        Patience,
        cancellation);
}
