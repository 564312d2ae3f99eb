using System.Text;
using System.Text.Json.Nodes;
using PracticPro.Sandbox.Gmail;

namespace PracticPro.Sandbox.PubSub;

/// <summary>How far a push has come.</summary>
internal enum PushState
{
    Pending,
    Acknowledged,
    GivenUp,
}

/// <summary>
/// One notification and the story of its delivery. The content never changes between attempts; that is how a receiver
/// can tell a redelivery from news.
/// </summary>
internal sealed class PushMessage(string key, string mailbox, HistoryId history, DateTimeOffset publishedAt)
{
    private readonly Lock _gate = new();
    private readonly List<int> _statuses = [];
    private TaskCompletionSource _wake = Signal();
    private TaskCompletionSource _attempted = Signal();

    /// <summary>Pub/Sub's message id, a number in text.</summary>
    public string Key => key;

    public string Mailbox => mailbox;

    public HistoryId History => history;

    public PushState State { get; private set; }

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

    /// <summary>
    /// The push body: data is standard base64, and the history id in it a number, unlike in the REST API.
    /// </summary>
    public JsonObject ToJson(string subscription)
    {
        var data = new JsonObject { ["emailAddress"] = mailbox, ["historyId"] = history.Value };
        string published = publishedAt.UtcDateTime.ToString(
            "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
        return new JsonObject
        {
            ["message"] = new JsonObject
            {
                ["data"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(data.ToJsonString())),
                ["messageId"] = key,
                ["message_id"] = key,
                ["publishTime"] = published,
                ["publish_time"] = published,
            },
            ["subscription"] = subscription,
        };
    }

    /// <summary>Source: Pub/Sub "Receive push messages": these five acknowledge, everything else does not.</summary>
    public static bool Acknowledges(int status) => status is 102 or 200 or 201 or 202 or 204;

    public void Note(int status, bool last)
    {
        lock (_gate)
        {
            _statuses.Add(status);
            State = Acknowledges(status) ? PushState.Acknowledged : last ? PushState.GivenUp : PushState.Pending;
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
            return State == PushState.Pending ? _attempted.Task : Task.CompletedTask;
        }
    }

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
