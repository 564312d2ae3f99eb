using PracticPro.Cli.Demo;

namespace PracticPro.Simulation.Crash;

/// <summary>
/// A person whose server keeps dying under them: what went unanswered is looked up, and asked again only if it was not
/// done.
/// </summary>
internal sealed class StubbornPerson(DemoPerson person)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private const int MostTries = 400;

    private readonly Dictionary<string, string> approved = new(StringComparer.Ordinal);

    /// <summary>Approval id to the Message-ID that was approved, without angle brackets.</summary>
    public IReadOnlyDictionary<string, string> Approved => approved;

    public Task<string> ConnectAsync(DemoSandbox sandbox, string mailbox, CancellationToken cancellation) =>
        InsistAsync(() => person.ConnectAsync(sandbox, mailbox, cancellation), cancellation);

    public Task AskForDraftsAsync(string connection, int count, CancellationToken cancellation) =>
        InsistAsync(
            async () =>
            {
                await person.AskForDraftsAsync(connection, count, cancellation);
                return true;
            },
            cancellation);

    public async Task ApproveAsync(string id, bool edit, CancellationToken cancellation)
    {
        var edited = !edit;
        await InsistAsync(
            async () =>
            {
                var shown = await person.ApprovalAsync(id, cancellation);
                if (!edited && shown.State == "waiting")
                {
                    shown = await person.EditAsync(shown, $"{shown.Text}\n\nPS: see you soon.", cancellation) ?? shown;
                    edited = true;
                }

                // Unanswered and done all the same: it is decided, by nobody but this person.
                var done = shown.State == "waiting" ? await person.ApproveAsync(shown, cancellation) : shown;
                if (done is { State: "approved" or "sending" or "sent" })
                {
                    approved[id] = done.MessageId.Trim('<', '>');
                }

                return true;
            },
            cancellation);
    }

    public Task RejectAsync(string id, CancellationToken cancellation) => InsistAsync(
        async () =>
        {
            var shown = await person.ApprovalAsync(id, cancellation);
            return shown.State != "waiting" || await person.RejectAsync(shown, "no", cancellation) is not null;
        },
        cancellation);

    /// <summary>Looks until the answer is the hoped-for one; no answer is not it.</summary>
    public static async Task UntilAsync(string what, Func<Task<bool>> look, TimeSpan patience, CancellationToken cancellation)
    {
        var until = TimeProvider.System.GetUtcNow() + patience;
        while (!await LookAsync(look))
        {
            if (TimeProvider.System.GetUtcNow() > until)
            {
                throw new TimeoutException($"Waited in vain: {what}.");
            }

            await Task.Delay(Pause, TimeProvider.System, cancellation);
        }
    }

    private static async Task<bool> LookAsync(Func<Task<bool>> look)
    {
        try
        {
            return await look();
        }
        catch (Exception unanswered) when (IsPassing(unanswered))
        {
            return false;
        }
    }

    private static async Task<T> InsistAsync<T>(Func<Task<T>> ask, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ask();
            }
            catch (Exception unanswered) when (IsPassing(unanswered) && attempt < MostTries)
            {
                await Task.Delay(Pause, TimeProvider.System, cancellation);
            }
        }
    }

    // The connection broke, or the server says that something behind it is not there now.
    private static bool IsPassing(Exception unanswered) =>
        unanswered is HttpRequestException or IOException or DemoTroubleException or InvalidOperationException;
}
