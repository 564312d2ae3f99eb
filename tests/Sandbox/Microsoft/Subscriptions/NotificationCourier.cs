using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.Microsoft.Subscriptions;

/// <summary>
/// Carries notices to their addresses: at least once, in no order, several in one POST when they come together, again
/// for up to four hours after a refusal. Posting never blocks an account; delivery runs beside it. Waits run on the
/// sandbox's clock, the deadline of an answer on the real one.
/// </summary>
internal sealed class NotificationCourier(TimeProvider clock) : IAsyncDisposable
{
    private const int MostInOnePost = 100;

    private static readonly TimeSpan ValidationDeadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromHours(4);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly HttpMessageInvoker _http = new(
        new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<NoticeBatch> _batches = [];
    private readonly List<Task> _running = [];
    private readonly List<(Uri Url, JsonObject Notice)> _waiting = [];

    /// <summary>While true, notices pile up instead of going out.</summary>
    public bool Holds { get; set; }

    /// <summary>So many of the next notices are lost on the way, and nobody learns of it.</summary>
    public int DropsNext { get; set; }

    /// <summary>Each notice comes twice.</summary>
    public bool Doubles { get; set; }

    /// <summary>How long an answer may take, in real time. The true figure is 3 seconds.</summary>
    public TimeSpan AnswerDeadline { get; set; } = TimeSpan.FromSeconds(10);

    public TimeSpan FirstWait { get; set; } = TimeSpan.FromSeconds(10);

    public IReadOnlyList<NoticeBatch> Batches
    {
        get
        {
            lock (_gate)
            {
                return [.. _batches];
            }
        }
    }

    public void Post(Uri url, JsonObject notice)
    {
        lock (_gate)
        {
            if (DropsNext > 0)
            {
                DropsNext--;
                return;
            }

            _waiting.Add((url, notice));
            if (Doubles)
            {
                _waiting.Add((url, notice));
            }

            if (!Holds)
            {
                _running.RemoveAll(task => task.IsCompleted);
                _running.Add(Task.Run(() => Flush(_ => true, mixes: true)));
            }
        }
    }

    /// <summary>Lets held notices go in the order given, in as few POSTs as can be, or each in one of its own.</summary>
    public void Release(
        Func<IReadOnlyList<(Uri Url, JsonObject Notice)>, IEnumerable<(Uri Url, JsonObject Notice)>> order, bool mixes)
    {
        lock (_gate)
        {
            Holds = false;
            (Uri, JsonObject)[] ordered = [.. order([.. _waiting])];
            _waiting.Clear();
            _waiting.AddRange(ordered);
        }

        Flush(_ => true, mixes);
    }

    /// <summary>Makes one attempt at everything that is pending now and waits for the answers.</summary>
    public async Task DrainAsync()
    {
        Flush(_ => !Holds, mixes: true);
        await Task.WhenAll(Batches.Select(batch => batch.AttemptNow()));
    }

    /// <summary>Sends as it is, once, outside the ordinary delivery.</summary>
    public async Task<int> SendAsync(Uri url, IReadOnlyList<JsonObject> notices)
    {
        var batch = new NoticeBatch(url, notices, clock.GetUtcNow());
        lock (_gate)
        {
            _batches.Add(batch);
        }

        batch.Note(await AttemptAsync(batch), last: true);
        return batch.Statuses[^1];
    }

    /// <summary>
    /// Asks whether the address is willing: it must send back, decoded and as plain text, what it was asked. Null when
    /// it did, or what was wrong.
    /// </summary>
    public async Task<string?> ValidateAsync(Uri url, string subscription)
    {
        string token = $"Validation: Testing client application reachability for subscription Request-Id: {subscription}";
        string separator = url.Query.Length == 0 ? "?" : "&";
        using var request = new HttpRequestMessage(
            HttpMethod.Post, new Uri($"{url}{separator}validationToken={Uri.EscapeDataString(token)}"));
        request.Content = new ByteArrayContent([]);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("text/plain", "utf-8");
        using var deadline = new CancellationTokenSource(ValidationDeadline, TimeProvider.System);
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, deadline.Token);
            string answer = await response.Content.ReadAsStringAsync(deadline.Token);
            return (int)response.StatusCode != 200 ? $"HTTP status code is '{response.StatusCode}'."
                : response.Content.Headers.ContentType?.MediaType != "text/plain" ? "The content type is not text/plain."
                : answer != token ? "Failed to validate the response: the token does not match."
                : null;
        }
        catch (Exception lost) when (lost is HttpRequestException or OperationCanceledException)
        {
            return "The operation timed out or the server could not be reached.";
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _batches.Clear();
            _waiting.Clear();
            Holds = false;
            Doubles = false;
            DropsNext = 0;
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

    private void Flush(Func<Uri, bool> wanted, bool mixes)
    {
        lock (_gate)
        {
            (Uri Url, JsonObject Notice)[] going = [.. _waiting.Where(notice => wanted(notice.Url))];
            _waiting.RemoveAll(notice => wanted(notice.Url));
            foreach (IGrouping<Uri, (Uri Url, JsonObject Notice)> address in going.GroupBy(notice => notice.Url))
            {
                foreach ((Uri Url, JsonObject Notice)[] part in address.Chunk(mixes ? MostInOnePost : 1))
                {
                    var batch = new NoticeBatch(
                        address.Key, [.. part.Select(notice => notice.Notice)], clock.GetUtcNow());
                    _batches.Add(batch);
                    _running.Add(Task.Run(() => DeliverAsync(batch)));
                }
            }
        }
    }

    private async Task DeliverAsync(NoticeBatch batch)
    {
        TimeSpan wait = FirstWait;
        while (true)
        {
            int status = await AttemptAsync(batch);
            batch.Note(status, last: clock.GetUtcNow() + wait > batch.PublishedAt + Patience);
            if (batch.State != NoticeState.Pending)
            {
                return;
            }

            await batch.WaitAsync(wait, clock, _stopping.Token);
            wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
        }
    }

    private async Task<int> AttemptAsync(NoticeBatch batch)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, batch.Url);
        request.Content = new ByteArrayContent(Answers.Bytes(batch.ToJson()));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
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
}
