using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using PracticPro.Kernel;

namespace PracticPro.Egress;

/// <summary>
/// The one way to any outside host. Every call is a declared operation of a known processor; a write needs a permit
/// for exactly its bytes, of the tenant whose token it goes by. No redirects, no cookies, no retries: a caller that wants to try again decides so itself.
/// </summary>
internal sealed class EgressDoor : IDisposable
{
    private const int MaximumAnswerBytes = 48 * 1024 * 1024;
    private readonly HttpClient http;
    private readonly EgressOptions options;
    private readonly TimeProvider time;

    public EgressDoor(EgressOptions options, TimeProvider time)
    {
        // Said at start by the settings' check; said again here, where it counts.
        if (options.Errors().FirstOrDefault() is { } error)
        {
            throw new ArgumentException(error, nameof(options));
        }

        this.options = options;
        this.time = time;
#pragma warning disable RS0030 // This is the door.
        http = new HttpClient(CreateHandler()) { Timeout = Timeout.InfiniteTimeSpan };
#pragma warning restore RS0030
    }

    /// <summary>
    /// Makes the call. <see cref="EgressFailures.NotReached"/> means that the other side saw nothing;
    /// <see cref="EgressFailures.NoAnswer"/> that it may have acted.
    /// </summary>
    public async Task<Outcome<EgressAnswer>> SendAsync(EgressRequest request, CancellationToken cancellation)
    {
        if (!MayPass(request))
        {
            return new EgressFailures.NoPermit();
        }

        OpenedToken? bearer = null, field = null;
        try
        {
            if (request.Bearer is { } inHeader
                && !(await OpenedToken.OpenAsync(inHeader, request.Processor, cancellation)).Try(out bearer, out var why))
            {
                return why;
            }

            if (request.FormToken is { } inForm
                && !(await OpenedToken.OpenAsync(inForm.Token, request.Processor, cancellation)).Try(out field, out why))
            {
                return why;
            }

            return await SendAsync(request, bearer, field, cancellation);
        }
        finally
        {
            bearer?.Dispose();
            field?.Dispose();
        }
    }

    /// <summary>
    /// Makes several reads of one processor in one exchange, in the name of one token. Each read is answered for itself; that
    /// all of them are, each once, is checked. Nothing but a declared read can be in it, so that no write hides there.
    /// </summary>
    /// <param name="batch">The processor's operation for that.</param>
    /// <exception cref="InvalidOperationException">Something else than reads of one processor: a bug, and nothing was sent.</exception>
    public async Task<Outcome<BatchAnswer>> SendBatchAsync(
        ProviderOperation batch, IReadOnlyList<EgressRequest> reads, SealedToken bearer, CancellationToken cancellation)
    {
        var processor = BatchParts.ProcessorOf(batch, reads);
        var body = BatchParts.Compose(reads);
        if (!(await OpenedToken.OpenAsync(bearer, processor, cancellation)).Try(out var opened, out var why))
        {
            return why;
        }

        using var token = opened;
        using var message = new HttpRequestMessage(batch.Method, AddressOf(processor, batch.Path))
        {
            Content = new ReadOnlyMemoryContent(body),
        };
        message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(BatchParts.BodyType);
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Text());
        return await ExchangeAsync(message, (answer, stop) => ReadBatchAsync(answer, reads.Count, stop), cancellation);
    }

    public void Dispose() => http.Dispose();

    /// <summary>Where a processor is reached, path included.</summary>
    public Uri AddressOf(Processor processor, string path)
    {
        var home = options.Homes.GetValueOrDefault(processor.Name, processor.Home);
        return new Uri(home, path);
    }

    private async Task<Outcome<EgressAnswer>> SendAsync(
        EgressRequest request, OpenedToken? bearer, OpenedToken? field, CancellationToken cancellation)
    {
        var form = request.BodyType == EgressRequest.Form
            ? field?.InForm(request.Body.Span, request.FormToken!.Name)
            : field?.InJson(request.FormToken!.Name);
        try
        {
            using var message = Message(request, bearer, form ?? request.Body);
            return await ExchangeAsync(message, ReadAsync, cancellation);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(form);
        }
    }

    private async Task<Outcome<T>> ExchangeAsync<T>(
        HttpRequestMessage message,
        Func<HttpResponseMessage, CancellationToken, Task<Outcome<T>>> read,
        CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(options.Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            using var answer = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, both.Token);
            return await read(answer, both.Token);
        }
        catch (HttpRequestException error) when (NothingWasSent(error))
        {
            return new EgressFailures.NotReached();
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            return new EgressFailures.NoAnswer();
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new EgressFailures.NoAnswer();
        }
    }

    private static bool MayPass(EgressRequest request)
    {
        if (!request.Processor.Operations.Contains(request.Operation))
        {
            throw new InvalidOperationException($"{request.Processor.Name} has no operation {request.Operation.Name}.");
        }

        if (request.Operation.Effect == Effect.Batch)
        {
            throw new InvalidOperationException("A batch is written by the door and by nobody else.");
        }

        if (request.FormToken is not null
            && (request.Operation.Effect != Effect.Grant || !(request.BodyType == EgressRequest.Form || request.Body.IsEmpty)))
        {
            throw new InvalidOperationException("A token goes into the form of a grant and into no other body.");
        }

        if (request.Client is not null && (request.Operation.Effect != Effect.Grant || request.Bearer is not null))
        {
            throw new InvalidOperationException("The program says who it is with a grant and with no other call.");
        }

        return request.Operation.Effect != Effect.Write
            || (request.Permit is { } permit
                && request.Bearer?.Owner == permit.Tenant
                && request.Operation.Outgoing!(request) is { } outgoing
                && permit.TrySpend(request.Operation, outgoing.Span));
    }

    private static SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectTimeout = TimeSpan.FromSeconds(10),
        MaxConnectionsPerServer = 32,
        // ENC-3: TLS 1.2 or better, to everyone.
        SslOptions = { EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13 },
    };

    private static bool NothingWasSent(HttpRequestException error) => error.HttpRequestError
        is HttpRequestError.ConnectionError
        or HttpRequestError.NameResolutionError
        or HttpRequestError.SecureConnectionError;

    private static async Task<Outcome<EgressAnswer>> ReadAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        if (answer.Content.Headers.ContentLength > MaximumAnswerBytes)
        {
            return new EgressFailures.AnswerTooLarge();
        }

        await answer.Content.LoadIntoBufferAsync(MaximumAnswerBytes, cancellation);
        return new EgressAnswer(answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(cancellation))
        {
            RetryAfter = RetryAfter(answer.Headers),
            EntityTag = answer.Headers.ETag?.ToString(),
            Date = answer.Headers.Date,
        };
    }

    private static async Task<Outcome<BatchAnswer>> ReadBatchAsync(
        HttpResponseMessage answer, int count, CancellationToken cancellation)
    {
        if (!(await ReadAsync(answer, cancellation)).Try(out var outer, out var why))
        {
            return why;
        }

        if (!outer.IsSuccess)
        {
            return new BatchAnswer(outer, []);
        }

        return BatchParts.BoundaryOf(answer.Content.Headers.ContentType) is { } boundary
            && BatchParts.Parse(outer.Body, boundary, count, outer.Date) is { } parts
                ? new BatchAnswer(outer, parts)
                : new EgressFailures.AnswerBroken();
    }

    // A date is read against the provider's own clock where it tells it: ours may be hours away from it.
    private static TimeSpan? RetryAfter(HttpResponseHeaders headers) => headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when headers.Date is { } now => date > now ? date - now : TimeSpan.Zero,
        _ => null,
    };

    // Both parts are form-encoded first: RFC 6749, 2.3.1.
    private static string Basic(BasicClient client)
    {
        var both = Encoding.ASCII.GetBytes(
            $"{Uri.EscapeDataString(client.Name)}:{Uri.EscapeDataString(client.Secret.Reveal("header of a grant"))}");
        var text = Convert.ToBase64String(both);
        CryptographicOperations.ZeroMemory(both);
        return text;
    }

    private HttpRequestMessage Message(EgressRequest request, OpenedToken? bearer, ReadOnlyMemory<byte> body)
    {
        var message = new HttpRequestMessage(
            request.Operation.Method, AddressOf(request.Processor, request.Target()));
        if (request.Operation.Method != HttpMethod.Get)
        {
            message.Content = new ReadOnlyMemoryContent(body);
            message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(request.BodyType);
        }

        foreach (var (name, value) in request.Headers)
        {
            message.Headers.Add(name, value);
        }

        if (bearer is not null)
        {
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer.Text());
        }

        if (request.Client is { } client)
        {
            message.Headers.Authorization = new AuthenticationHeaderValue("Basic", Basic(client));
        }

        return message;
    }
}
