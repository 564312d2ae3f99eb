using System.Globalization;
using System.Net.Http.Headers;
using PracticPro.Sandbox.Gmail;
using PracticPro.Sandbox.OAuth;

namespace PracticPro.Sandbox.PubSub;

/// <summary>
/// Pub/Sub between a watched mailbox and the push endpoint: at least once, in no order, with back-off after a refusal.
/// Publishing never blocks the mailbox; delivery runs beside it. Held pushes wait until they are released.
/// Back-off waits run on the sandbox's clock, the ten-second answer deadline on the real one.
/// </summary>
internal sealed class PushCourier : IAsyncDisposable
{
    private static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly HttpMessageInvoker _http = new(
        new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private readonly CancellationTokenSource _stopping = new();
    private readonly TimeProvider _clock;
    private readonly SigningKeys _keys;
    private readonly Seeded _made;
    private readonly List<PushMessage> _messages = [];
    private readonly List<PushMessage> _held = [];
    private readonly List<Task> _running = [];
    private readonly Dictionary<string, DateTimeOffset> _lastPublished = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _coalescing = new(StringComparer.OrdinalIgnoreCase);

    public PushCourier(long seed, TimeProvider clock, SigningKeys keys)
    {
        _clock = clock;
        _keys = keys;
        _made = new Seeded(seed, "push");
    }

    /// <summary>Null switches pushing off.</summary>
    public PushSettings? Settings { get; set; }

    /// <summary>While true, pushes pile up instead of going out.</summary>
    public bool Holds { get; set; }

    public IReadOnlyList<PushMessage> Messages
    {
        get
        {
            lock (_gate)
            {
                return [.. _messages];
            }
        }
    }

    /// <summary>Called inside the mailbox's lock after each change.</summary>
    public void MailboxChanged(Mailbox mailbox, HistoryRecord change)
    {
        DateTimeOffset now = _clock.GetUtcNow();
        if (Settings is not PushSettings settings || mailbox.Watch is not Watch watch || watch.ExpiresAt <= now
            || !watch.Wants(change))
        {
            return;
        }

        lock (_gate)
        {
            TimeSpan wait = _lastPublished.TryGetValue(mailbox.Address, out DateTimeOffset last)
                ? last + settings.Gap - now
                : TimeSpan.Zero;
            if (wait <= TimeSpan.Zero)
            {
                _lastPublished[mailbox.Address] = now;
                Publish(mailbox.Address, change.Id, settings);
            }
            else if (_coalescing.Add(mailbox.Address))
            {
                _running.Add(Task.Run(() => PublishLaterAsync(mailbox, wait, settings)));
            }
        }
    }

    /// <summary>Enters a push that is not yet on its way; who composes it makes the attempts.</summary>
    public PushMessage Compose(string address, HistoryId history, string? key)
    {
        lock (_gate)
        {
            var message = new PushMessage(key ?? NewKey(), address, history, _clock.GetUtcNow());
            _messages.Add(message);
            return message;
        }
    }

    /// <summary>Lets held pushes go; the order is that given.</summary>
    public void Release(Func<IReadOnlyList<PushMessage>, IEnumerable<PushMessage>> order)
    {
        lock (_gate)
        {
            Holds = false;
            PushMessage[] ordered = [.. order([.. _held])];
            _held.Clear();
            if (Settings is PushSettings settings)
            {
                _running.Add(Task.Run(() => DeliverInTurnAsync(ordered, settings)));
            }
        }
    }

    /// <summary>Makes one attempt at every pending push now and waits for the answers.</summary>
    public async Task DrainAsync()
    {
        PushMessage[] waiting;
        lock (_gate)
        {
            waiting = [.. _messages.Except(_held)];
        }

        await Task.WhenAll(waiting.Select(message => message.AttemptNow()));
    }

    /// <summary>One POST. 0 stands for no answer.</summary>
    public async Task<int> AttemptAsync(PushMessage message, PushSettings settings, TokenFault fault)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, settings.Endpoint);
        request.Content = new ByteArrayContent(Answers.Bytes(message.ToJson(settings.Subscription)));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (PushToken.Sign(_keys, settings, _clock.GetUtcNow(), fault) is string token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        using var deadline = new CancellationTokenSource(AnswerDeadline, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, _stopping.Token);
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, either.Token);
            return (int)response.StatusCode;
        }
        catch (Exception lost) when (lost is HttpRequestException or OperationCanceledException)
        {
            return 0;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _messages.Clear();
            _held.Clear();
            _lastPublished.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        Task[] running;
        lock (_gate)
        {
            running = [.. _running];
        }

        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _http.Dispose();
        _stopping.Dispose();
    }

    private void Publish(string address, HistoryId history, PushSettings settings)
    {
        PushMessage message = Compose(address, history, null);
        if (Holds)
        {
            _held.Add(message);
            return;
        }

        _running.RemoveAll(task => task.IsCompleted);
        _running.Add(Task.Run(() => DeliverAsync(message, settings)));
    }

    private async Task PublishLaterAsync(Mailbox mailbox, TimeSpan wait, PushSettings settings)
    {
        await Task.Delay(wait, _clock, _stopping.Token);
        HistoryId current;
        lock (mailbox.Gate)
        {
            current = mailbox.History.Current;
        }

        lock (_gate)
        {
            _coalescing.Remove(mailbox.Address);
            _lastPublished[mailbox.Address] = _clock.GetUtcNow();
            Publish(mailbox.Address, current, settings);
        }
    }

    private async Task DeliverInTurnAsync(IEnumerable<PushMessage> messages, PushSettings settings)
    {
        foreach (PushMessage message in messages)
        {
            await DeliverAsync(message, settings);
        }
    }

    private async Task DeliverAsync(PushMessage message, PushSettings settings)
    {
        TimeSpan wait = settings.FirstWait;
        for (int attempt = 1; attempt <= settings.MostAttempts; attempt++)
        {
            int status = await AttemptAsync(message, settings, TokenFault.None);
            message.Note(status, last: attempt == settings.MostAttempts);
            if (message.State != PushState.Pending)
            {
                return;
            }

            await message.WaitAsync(wait, _clock, _stopping.Token);
            wait = wait * 2 < settings.LongestWait ? wait * 2 : settings.LongestWait;
        }
    }

    private string NewKey() => (1_000_000_000_000_000 + (_made.Next() >> 14)).ToString(CultureInfo.InvariantCulture);
}
