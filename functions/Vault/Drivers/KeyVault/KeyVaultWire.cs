using System.Security.Cryptography;
using System.Text.Json;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace PracticPro.Vault.Drivers.KeyVault;

/// <summary>One request to the vault.</summary>
/// <param name="Path">Below the vault's address, without a query; its parts are checked names and versions.</param>
/// <param name="Body">JSON, or null for none. Zeroed when the call is over.</param>
/// <param name="IsSafe">Doing it twice does no more than doing it once: it may be asked again when no answer came.</param>
/// <param name="Query">Where a list goes on, as the vault wrote it; empty for nothing.</param>
internal sealed record KeyVaultCall(
    RequestMethod Method, string Path, byte[]? Body = null, bool IsSafe = true, string Query = "");

/// <summary>An answer the caller decides about: 2xx, or a refusal that has to do with the key itself.</summary>
/// <param name="Inner">Code of the inner error, empty where there is none.</param>
internal sealed record KeyVaultAnswer(int Status, string Inner, JsonElement Body)
{
    public bool Succeeded => Status is >= 200 and < 300;
}

/// <summary>
/// Asks one vault over Azure.Core's pipeline: its transport, its messages, our sign-in (<see cref="ChallengePolicy"/>).
/// Waiting and asking again are done here, since they are one thing for all callers (<see cref="KeyVaultGate"/>). Nothing
/// is logged, traced or reported of requests by the library: their addresses hold names.
/// </summary>
internal sealed partial class KeyVaultWire
{
    private const string ApiVersion = "7.6";
    private const int Attempts = 3;
    private const int LargestAnswer = 1 << 20;
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(200);

    private readonly Uri home;
    private readonly HttpPipeline pipeline;
    private readonly KeyVaultGate gate;
    private readonly TimeSpan requestLimit;
    private readonly TimeProvider time;
    private readonly ILogger logger;

    public KeyVaultWire(
        KeyVaultOptions options,
        TokenCredential credential,
        Func<Uri, HttpMessageHandler> handlers,
        TimeProvider time,
        ILogger logger)
    {
        home = options.Endpoint!;
        pipeline = new HttpPipeline(
            new HttpClientTransport(handlers(home)), [new ChallengePolicy(home, credential, time)], ResponseClassifierOfNone);
        gate = new KeyVaultGate(options.MostAtOnce, options.MostWaiting, options.Patience, time);
        (requestLimit, this.time, this.logger) = (options.RequestLimit, time, logger);
    }

    private static ResponseClassifier ResponseClassifierOfNone { get; } = new StatusCodeClassifier([]);

    /// <exception cref="KeyStoreUnavailableException">
    /// There is no answer, or one that has nothing to do with the key. What was asked may have been done, unless it is
    /// <see cref="KeyStoreFailures.Throttled"/>.
    /// </exception>
    public async ValueTask<KeyVaultAnswer> AskAsync(KeyVaultCall call, CancellationToken cancellation)
    {
        try
        {
            return await AskAgainAsync(call, cancellation);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(call.Body);
        }
    }

    private async ValueTask<KeyVaultAnswer> AskAgainAsync(KeyVaultCall call, CancellationToken cancellation)
    {
        var since = time.GetTimestamp();
        for (var attempt = 1; ;)
        {
            var (answer, trouble) = await AskOnceAsync(call, since, cancellation);
            if (answer is not null)
            {
                gate.Took();
                return answer;
            }

            if (trouble is KeyStoreFailures.Throttled throttled)
            {
                // Not carried out, so it may be asked again whatever it is. The gate decides for how long.
                var pause = gate.Hold(throttled.Wait > TimeSpan.Zero ? throttled.Wait : null);
                LogThrottled(logger, pause.TotalSeconds);
                continue;
            }

            var mayPass = trouble is KeyStoreFailures.Failing or KeyStoreFailures.Silent or KeyStoreFailures.Unreachable;
            if (!mayPass || !call.IsSafe || attempt == Attempts)
            {
                LogGivenUp(logger, trouble!.Code, attempt);
                throw new KeyStoreUnavailableException(trouble);
            }

            var backoff = FirstBackoff * (1 << attempt++);
            await Task.Delay(backoff + TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(100)), time, cancellation);
        }
    }

    private async ValueTask<(KeyVaultAnswer? Answer, Kernel.Failure.Unavailable? Trouble)> AskOnceAsync(
        KeyVaultCall call, long since, CancellationToken cancellation)
    {
        using var place = await gate.EnterAsync(since, cancellation);
        using var limit = new CancellationTokenSource(requestLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        using var message = pipeline.CreateMessage();
        Write(message.Request, call);
        message.BufferResponse = false;
        try
        {
            await pipeline.SendAsync(message, either.Token);
            var body = await ReadAsync(message.Response, either.Token);
            return KeyVaultTrouble.Sort(message.Response, body);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (null, new KeyStoreFailures.Silent());
        }
        catch (Exception broken) when (broken is RequestFailedException or IOException or HttpRequestException)
        {
            return (null, new KeyStoreFailures.Unreachable());
        }
    }

    private void Write(Request request, KeyVaultCall call)
    {
        request.Method = call.Method;
        request.Uri.Reset(home);
        request.Uri.AppendPath(call.Path, escape: false);
        if (call.Query.Length > 0)
        {
            request.Uri.Query = call.Query;
        }
        else
        {
            request.Uri.AppendQuery("api-version", ApiVersion);
        }

        request.Headers.Add(HttpHeader.Common.JsonAccept);
        if (call.Body is { } body)
        {
            request.Headers.Add(HttpHeader.Common.JsonContentType);
            request.Content = RequestContent.Create(body);
        }
    }

    /// <summary>The JSON of an answer; an undefined element for an empty or unreadable one.</summary>
    private static async ValueTask<JsonElement> ReadAsync(Response response, CancellationToken cancellation)
    {
        if (response.ContentStream is not { } stream)
        {
            return default;
        }

        // Large enough for the usual answer: a stream that grows leaves what it had.
        using var bytes = new MemoryStream(16 * 1024);
        var buffer = new byte[16 * 1024];
        while (await stream.ReadAsync(buffer, cancellation) is var read and > 0)
        {
            if (bytes.Length + read > LargestAnswer)
            {
                return default;
            }

            bytes.Write(buffer, 0, read);
        }

        try
        {
            var reader = new Utf8JsonReader(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
            return JsonElement.ParseValue(ref reader);
        }
        catch (JsonException)
        {
            return default;
        }
        finally
        {
            // An unwrapped key may have passed through both. JSON keeps a copy of its own, which is out of reach.
            CryptographicOperations.ZeroMemory(buffer);
            CryptographicOperations.ZeroMemory(bytes.GetBuffer());
        }
    }

    [LoggerMessage(211, LogLevel.Warning, "The key store throttles: every call to it pauses for {Seconds} s.")]
    private static partial void LogThrottled(ILogger logger, double seconds);

    [LoggerMessage(212, LogLevel.Error, "The key store was given up: {Code}, after {Attempts} attempts.")]
    private static partial void LogGivenUp(ILogger logger, string code, int attempts);
}
