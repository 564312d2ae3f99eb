namespace PracticPro.Sandbox.Calendar;

/// <summary>
/// Carries notifications to the addresses of channels: mostly once, in no order, retried after a server's error only.
/// Notifying never blocks the calendar; delivery runs beside it. What to lose, repeat or hold back, it is told.
/// Back-off waits run on the sandbox's clock, the ten-second answer deadline on the real one.
/// </summary>
internal sealed class ChannelCourier : IAsyncDisposable
{
    private const int MostAttempts = 5;

    private static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly HttpMessageInvoker _http = new(
        new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private readonly CancellationTokenSource _stopping = new();
    private readonly TimeProvider _clock;
    private readonly Seeded _made;
    private readonly Dictionary<string, WatchChannel> _channels = new(StringComparer.Ordinal);
    private readonly List<ChannelNotice> _notices = [];
    private readonly List<ChannelNotice> _held = [];
    private readonly List<Task> _running = [];

    public ChannelCourier(long seed, TimeProvider clock)
    {
        _clock = clock;
        _made = new Seeded(seed, "channels");
    }

    /// <summary>The next so many notifications are lost; "sync" is not counted.</summary>
    public int DropNext { get; set; }

    /// <summary>The next so many notifications come twice.</summary>
    public int DuplicateNext { get; set; }

    /// <summary>While true, notifications pile up instead of going out.</summary>
    public bool Holds { get; set; }

    /// <summary>True: "sync" has come before the answer to watch is given; false: about then.</summary>
    public bool SyncFirst { get; set; }

    /// <summary>Longest life a channel is given; what asks for more gets this.</summary>
    public TimeSpan LongestLife { get; set; } = WatchChannel.DefaultLife;

    /// <summary>Least time between two notifications of a channel; changes in between become one.</summary>
    public TimeSpan Gap { get; set; }

    /// <summary>Takes http addresses on loopback; Google takes https alone.</summary>
    public bool TakesLoopbackHttp { get; set; }

    public IReadOnlyList<WatchChannel> Channels
    {
        get
        {
            lock (_gate)
            {
                return [.. _channels.Values];
            }
        }
    }

    public IReadOnlyList<ChannelNotice> Notices
    {
        get
        {
            lock (_gate)
            {
                return [.. _notices];
            }
        }
    }

    /// <summary>Enters a channel and says "sync"; false when its id was used before, by whomever.</summary>
    public bool Open(WatchChannel channel)
    {
        lock (_gate)
        {
            if (!_channels.TryAdd(channel.Key, channel))
            {
                return false;
            }

            channel.Number = 1;
            var sync = new ChannelNotice(channel, 1, "sync");
            _notices.Add(sync);
            Start(DeliverAsync(sync));
            return true;
        }
    }

    public WatchChannel? Find(string? key)
    {
        lock (_gate)
        {
            return key is not null && _channels.TryGetValue(key, out WatchChannel? channel) ? channel : null;
        }
    }

    /// <summary>Called inside the calendar's lock after each change.</summary>
    public void CalendarChanged(EventCalendar calendar)
    {
        DateTimeOffset now = _clock.GetUtcNow();
        lock (_gate)
        {
            foreach (WatchChannel channel in _channels.Values)
            {
                if (channel.Calendar == calendar && channel.Lives(now))
                {
                    Tell(channel, now);
                }
            }
        }
    }

    /// <summary>Lets held notifications go; the order is that given.</summary>
    public void Release(Func<IReadOnlyList<ChannelNotice>, IEnumerable<ChannelNotice>> order)
    {
        lock (_gate)
        {
            Holds = false;
            ChannelNotice[] ordered = [.. order([.. _held])];
            _held.Clear();
            Start(DeliverInTurnAsync(ordered));
        }
    }

    /// <summary>Waits until each notification was carried once; held ones stay held.</summary>
    public async Task DrainAsync()
    {
        ChannelNotice[] waiting;
        lock (_gate)
        {
            waiting = [.. _notices.Except(_held).Where(notice => notice.State != NoticeState.Dropped)];
        }

        await Task.WhenAll(waiting.Select(notice => notice.Attempted));
    }

    public void Clear()
    {
        lock (_gate)
        {
            _channels.Clear();
            _notices.Clear();
            _held.Clear();
            (DropNext, DuplicateNext, Holds) = (0, 0, false);
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

    private void Tell(WatchChannel channel, DateTimeOffset now)
    {
        TimeSpan wait = channel.NotifiedAt + Gap - now;
        if (wait <= TimeSpan.Zero)
        {
            Publish(channel, now);
        }
        else if (!channel.IsCoalescing)
        {
            channel.IsCoalescing = true;
            Start(PublishLaterAsync(channel, wait));
        }
    }

    private void Publish(WatchChannel channel, DateTimeOffset now)
    {
        channel.NotifiedAt = now;
        channel.Number += 1 + _made.Below(700);
        var notice = new ChannelNotice(channel, channel.Number, "exists");
        _notices.Add(notice);
        if (DropNext > 0)
        {
            DropNext--;
            notice.State = NoticeState.Dropped;
        }
        else if (Holds)
        {
            _held.Add(notice);
        }
        else
        {
            bool twice = DuplicateNext > 0;
            DuplicateNext -= twice ? 1 : 0;
            Start(DeliverInTurnAsync(twice ? [notice, notice] : [notice]));
        }
    }

    private async Task PublishLaterAsync(WatchChannel channel, TimeSpan wait)
    {
        await Task.Delay(wait, _clock, _stopping.Token);
        lock (_gate)
        {
            channel.IsCoalescing = false;
            if (channel.Lives(_clock.GetUtcNow()))
            {
                Publish(channel, _clock.GetUtcNow());
            }
        }
    }

    private async Task DeliverInTurnAsync(IEnumerable<ChannelNotice> notices)
    {
        foreach (ChannelNotice notice in notices)
        {
            await DeliverAsync(notice);
        }
    }

    private async Task DeliverAsync(ChannelNotice notice)
    {
        // Off the caller's thread, which holds a lock.
        await Task.Yield();
        TimeSpan wait = FirstWait;
        for (int attempt = 1; attempt <= MostAttempts; attempt++)
        {
            notice.Note(await AttemptAsync(notice), last: attempt == MostAttempts);
            if (notice.State != NoticeState.Pending)
            {
                return;
            }

            await Task.Delay(wait, _clock, _stopping.Token);
            wait *= 2;
        }
    }

    /// <summary>One POST. 0 stands for no answer; nothing ever goes further than this machine.</summary>
    private async Task<int> AttemptAsync(ChannelNotice notice)
    {
        if (!notice.Channel.Address.IsLoopback)
        {
            return StatusCodes.Status404NotFound;
        }

        using HttpRequestMessage request = notice.ToRequest();
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

    private void Start(Task delivery)
    {
        _running.RemoveAll(task => task.IsCompleted);
        _running.Add(delivery);
    }
}
