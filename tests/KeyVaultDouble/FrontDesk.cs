using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using PracticPro.Loopback;

namespace PracticPro.KeyVaultDouble;

/// <summary>
/// What happens to every request, in the service's order: who asks (401 with a challenge), which version of the interface,
/// whether a role allows it, whether the budget does, and only then the operation itself.
/// </summary>
internal sealed partial class FrontDesk(KeyVaultServerOptions options, LoopbackTokens tokens, TimeProvider time)
{
    public const string Audience = "https://vault.azure.net";

    private const int LargestBody = 64 * 1024;
    private static readonly TimeSpan Forever = Timeout.InfiniteTimeSpan;

    private readonly Throttle throttle = new(options.Units, time);

    public Faults Faults { get; } = new();

    public ConcurrentDictionary<string, int> Requests { get; } = new(StringComparer.Ordinal);

    public ConcurrentDictionary<int, int> Answers { get; } = new();

    public KeyShelf Shelf { get; } = new(options.Folder, time);

    public async Task AnswerAsync(HttpContext context)
    {
        try
        {
            if (context.Request.Path.StartsWithSegments("/double", out var control))
            {
                await ControlAsync(context, control.Value);
                return;
            }

            await AnswerChallengedAsync(context);
        }
        catch (Refusal refusal)
        {
            if (refusal.RetryAfter is { } wait)
            {
                context.Response.Headers.RetryAfter =
                    Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            }

            await WriteAsync(context, refusal.Status, refusal.Body);
        }
        catch (Exception malformed) when (malformed is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            await WriteAsync(context, 400, Refusal.BadParameter("The request body is not what this operation takes.").Body);
        }
    }

    private async Task AnswerChallengedAsync(HttpContext context)
    {
        var request = context.Request;
        var asked = Operations.Read(request.Method, request.Path.Value ?? "");
        var bearer = request.Headers.Authorization.ToString();
        var known = bearer.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            && tokens.PrincipalOf(bearer["Bearer ".Length..], Audience, time.GetUtcNow()) is not null;
        var operation = known ? asked?.Operation ?? "none" : Operations.Challenge;
        Requests.AddOrUpdate(operation, 1, static (_, count) => count + 1);
        var fault = Faults.Next(operation);
        if (fault is not null && !await MeetAsync(context, fault))
        {
            return;
        }

        if (!known)
        {
            context.Response.Headers.WWWAuthenticate =
                $"Bearer authorization=\"https://login.windows.net/{LoopbackTokens.Directory}\", resource=\"{Audience}\"";
            throw new Refusal(401, "Unauthorized", bearer.Length == 0
                ? "AKV10000: Request is missing a Bearer or PoP token."
                : "AKV10032: The token is not one this vault takes.");
        }

        var version = request.Query["api-version"].ToString();
        if (!ApiVersion().IsMatch(version))
        {
            throw Refusal.BadParameter("The api-version query parameter is missing or not supported.");
        }

        if (asked is null)
        {
            throw new Refusal(404, "NotFound", "There is no such operation.");
        }

        if (Faults.IsForbidden(operation))
        {
            throw Refusal.Forbidden("ForbiddenByRbac", "Caller is not authorized to perform action on resource.");
        }

        var body = await BodyAsync(request);
        throttle.Take(CostOf(asked));
        var shapes = new Shapes($"{request.Scheme}://{request.Host}", version, options);
        var keys = new KeysDesk(Shelf, options);
        var answer = asked.Operation is "wrapkey" or "unwrapkey" or "sign" or "verify"
            ? new CryptoDesk(keys, Shelf).Carry(asked, body, shapes)
            : keys.Carry(asked, body, request.Query["$skiptoken"], shapes);
        if (fault is { Kind: FaultKind.TearAfter })
        {
            context.Abort();
            return;
        }

        await WriteAsync(context, answer is null ? 204 : 200, fault is { Kind: FaultKind.Garble }
            ? "<html>"u8.ToArray()
            : JsonSerializer.SerializeToUtf8Bytes(answer));
    }

    private int CostOf(Asked asked) => asked.Operation is "create" or "rotate"
        ? Throttle.CostOfCreation
        : Throttle.CostOfUse(asked.Operation is "get" ? null : Shelf.Find(asked.Name)?.Newest);

    /// <summary>True when the operation is to be carried out all the same.</summary>
    private async Task<bool> MeetAsync(HttpContext context, Fault fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.Answer:
                throw new Refusal(fault.Status, fault.Code, "This fault was asked for.", fault.Inner)
                {
                    RetryAfter = fault.RetryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                };
            case FaultKind.Stall:
                await Task.Delay(Forever, time, context.RequestAborted)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return false;
            case FaultKind.TearBefore:
                context.Abort();
                return false;
            default:
                return true;
        }
    }

    /// <summary>
    /// For tests of other processes: <c>POST /double/faults</c> with one fault, <c>DELETE /double/faults</c>,
    /// <c>GET /double/requests</c>. No token: it is no part of the service.
    /// </summary>
    private async Task ControlAsync(HttpContext context, string? path)
    {
        switch (context.Request.Method, path)
        {
            case ("POST", "/faults"):
                Faults.Add((await JsonSerializer.DeserializeAsync<Fault>(context.Request.Body, ControlJson))!);
                await WriteAsync(context, 204, []);
                break;
            case ("DELETE", "/faults"):
                Faults.Clear();
                await WriteAsync(context, 204, []);
                break;
            default:
                await WriteAsync(context, 200, JsonSerializer.SerializeToUtf8Bytes(Requests));
                break;
        }
    }

    private static JsonSerializerOptions ControlJson { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() },
    };

    private static async Task<JsonElement> BodyAsync(HttpRequest request)
    {
        using var bytes = new MemoryStream();
        await request.Body.CopyToAsync(bytes, request.HttpContext.RequestAborted);
        if (bytes.Length > LargestBody)
        {
            throw new Refusal(413, "RequestTooLarge", "The request body is too large.");
        }

        return bytes.Length == 0 ? JsonDocument.Parse("{}").RootElement : JsonDocument.Parse(bytes.ToArray()).RootElement;
    }

    private Task WriteAsync(HttpContext context, int status, byte[] body)
    {
        Answers.AddOrUpdate(status, 1, static (_, count) => count + 1);
        context.Response.StatusCode = status;
        if (status == 204)
        {
            return Task.CompletedTask;
        }

        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    [GeneratedRegex("^(7\\.[0-6]|2025-07-01|2026-04-01)$")]
    private static partial Regex ApiVersion();
}
