using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.Microsoft.Subscriptions;

/// <summary>How far a post has come.</summary>
internal enum NoticeState
{
    Pending,
    Acknowledged,
    GivenUp,
}

/// <summary>
/// What goes out in one POST: notices of one or several subscriptions, users and tenants, and the story of the
/// delivery.
/// </summary>
internal sealed class NoticeBatch(Uri url, IReadOnlyList<JsonObject> notices, DateTimeOffset publishedAt)
{
    private readonly Lock _gate = new();
    private readonly List<int> _statuses = [];
    private TaskCompletionSource _wake = Signal();
    private TaskCompletionSource _attempted = Signal();

    public Uri Url => url;

    public IReadOnlyList<JsonObject> Notices => notices;

    public DateTimeOffset PublishedAt => publishedAt;

    public NoticeState State { get; private set; }

    /// <summary>The answers so far, in order; 0 stands for no answer.</summary>
    public IReadOnlyList<int> Statuses
    {
        get
        {
            lock (_gate)
            {
                return [.. _statuses];
            }
        }
    }

    public JsonObject ToJson() =>
        new() { ["value"] = new JsonArray([.. notices.Select(notice => notice.DeepClone())]) };

    public void Note(int status, bool last)
    {
        lock (_gate)
        {
            _statuses.Add(status);
            State = status is >= 200 and < 300 ? NoticeState.Acknowledged
                : last ? NoticeState.GivenUp
                : NoticeState.Pending;
            _attempted.TrySetResult();
            _attempted = Signal();
        }
    }

    /// <summary>Waits for the next attempt's time, or until somebody asks for it now.</summary>
    public async Task WaitAsync(TimeSpan wait, TimeProvider clock, CancellationToken cancellation)
    {
        Task wake;
        lock (_gate)
        {
            wake = _wake.Task;
        }

        await Task.WhenAny(Task.Delay(wait, clock, cancellation), wake);
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
        {
            _wake = Signal();
        }
    }

    /// <summary>Asks for the next attempt at once; the task ends when it was made.</summary>
    public Task AttemptNow()
    {
        lock (_gate)
        {
            _wake.TrySetResult();
            return State == NoticeState.Pending ? _attempted.Task : Task.CompletedTask;
        }
    }

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
