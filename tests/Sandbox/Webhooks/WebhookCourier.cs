using System.Net.Http.Headers;

namespace PracticPro.Sandbox.Webhooks;

/// <summary>
/// Carries signed notifications to one endpoint: at least once, in no order, with the scheme's waits after a refusal.
/// Publishing never blocks; delivery runs beside it. Held notifications wait until they are released. Waits run on the
/// sandbox's clock, the ten-second answer deadline on the real one.
/// </summary>
internal sealed class WebhookCourier : IAsyncDisposable
{
    private static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly HttpMessageInvoker _http = new(
        new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private readonly CancellationTokenSource _stopping = new();
    private readonly TimeProvider _clock;
    private readonly IWebhookScheme _scheme;
    private readonly Seeded _chance;
    private readonly List<WebhookDelivery> _deliveries = [];
    private readonly List<WebhookDelivery> _held = [];
    private readonly List<Task> _running = [];

    public WebhookCourier(long seed, string purpose, TimeProvider clock, IWebhookScheme scheme)
    {
        _clock = clock;
        _scheme = scheme;
        _chance = new Seeded(seed, purpose);
    }

    /// <summary>Null switches notifying off.</summary>
    public WebhookSettings? Settings { get; set; }

    /// <summary>While true, notifications pile up instead of going out.</summary>
    public bool Holds { get; set; }

    public IReadOnlyList<WebhookDelivery> Deliveries
    {
        get
        {
            lock (_gate)
            {
                return [.. _deliveries];
            }
        }
    }

    public WebhookDelivery? Find(string key) => Deliveries.LastOrDefault(delivery => delivery.Key == key);

    public void Publish(WebhookDelivery delivery)
    {
        if (Settings is not WebhookSettings settings)
        {
            return;
        }

        lock (_gate)
        {
            _deliveries.Add(delivery);
            if (_chance.Chance(settings.LostPercent))
            {
                delivery.Lose();
            }
            else if (Holds)
            {
                _held.Add(delivery);
            }
            else
            {
                _running.RemoveAll(task => task.IsCompleted);
                _running.Add(Task.Run(() => DeliverAsync(delivery, settings)));
            }
        }
    }

    /// <summary>Lets held notifications go, one after the other: "fifo", "reversed" or "shuffled".</summary>
    public void Release(string? order)
    {
        lock (_gate)
        {
            Holds = false;
            WebhookDelivery[] ordered = order switch
            {
                "reversed" => [.. Enumerable.Reverse(_held)],
                "shuffled" => [.. _held.Select(held => (held, _chance.Next())).OrderBy(pair => pair.Item2)
                    .Select(pair => pair.held)],
                _ => [.. _held],
            };
            _held.Clear();
            if (Settings is WebhookSettings settings)
            {
                _running.Add(Task.Run(() => DeliverInTurnAsync(ordered, settings)));
            }
        }
    }

    /// <summary>Forgets what is held: nobody will ever hear of it.</summary>
    public void LoseHeld()
    {
        lock (_gate)
        {
            Holds = false;
            _held.ForEach(delivery => delivery.Lose());
            _held.Clear();
        }
    }

    /// <summary>Makes one attempt at everything pending now and waits for the answers.</summary>
    public async Task DrainAsync()
    {
        WebhookDelivery[] waiting;
        lock (_gate)
        {
            waiting = [.. _deliveries.Except(_held)];
        }

        await Task.WhenAll(waiting.Select(delivery => delivery.AttemptNow()));
    }

    /// <summary>One POST. 0 stands for no answer.</summary>
    public async Task<int> AttemptAsync(WebhookDelivery delivery, Uri endpoint, SignatureFault fault)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint);
        request.Content = new ByteArrayContent(delivery.Body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        foreach (KeyValuePair<string, string> header in _scheme.Headers(delivery.Body, _clock.GetUtcNow(), fault))
        {
            request.Headers.TryAddWithoutValidation(header.Key, header.Value);
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
            _deliveries.Clear();
            _held.Clear();
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

    private async Task DeliverInTurnAsync(IEnumerable<WebhookDelivery> deliveries, WebhookSettings settings)
    {
        foreach (WebhookDelivery delivery in deliveries)
        {
            await DeliverAsync(delivery, settings);
        }
    }

    private async Task DeliverAsync(WebhookDelivery delivery, WebhookSettings settings)
    {
        for (int attempt = 1; ; attempt++)
        {
            int status = await AttemptAsync(delivery, settings.Endpoint, SignatureFault.None);
            for (int copy = 2; _scheme.Acknowledges(status) && copy <= settings.Copies; copy++)
            {
                await AttemptAsync(delivery, settings.Endpoint, SignatureFault.None);
            }

            TimeSpan? wait = _scheme.WaitAfter(attempt, status);
            delivery.Note(status, _scheme.Acknowledges(status) ? DeliveryState.Acknowledged
                : wait is null ? DeliveryState.GivenUp : DeliveryState.Pending);
            if (delivery.State != DeliveryState.Pending)
            {
                return;
            }

            TimeSpan next = settings.LongestWait is TimeSpan longest && longest < wait ? longest : wait!.Value;
            await delivery.WaitAsync(next, _clock, _stopping.Token);
        }
    }
}
