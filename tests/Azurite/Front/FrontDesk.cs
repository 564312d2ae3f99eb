using PracticPro.Azurite.Faults;
using PracticPro.Loopback;

namespace PracticPro.Azurite.Front;

/// <summary>
/// Takes each call: asks for a token of this machine's family (Azurite checks no signature), lets the faults strike, has
/// blobs' calls held against their rules, and passes the rest on.
/// </summary>
internal sealed class FrontDesk(
    FaultPlan faults, LoopbackTokens tokens, TimeProvider time, Relay relay, Uri queues, ImmutabilityFront immutability)
{
    private const string Audience = "https://storage.azure.com";
    private const int TornAfterBytes = 1000;

    public Task AnswerBlobsAsync(HttpContext context) => AnswerAsync(context, "blobs", immutability.AnswerAsync);

    public Task AnswerQueuesAsync(HttpContext context) => AnswerAsync(
        context, "queues", async asked => await relay.AskAsync(asked, queues, asked.RequestAborted));

    private async Task AnswerAsync(HttpContext context, string service, Func<HttpContext, Task<HttpResponseMessage?>> carryOut)
    {
        try
        {
            await StrikeOrCarryOutAsync(context, service, carryOut);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException or HttpRequestException or BadHttpRequestException)
        {
            // The caller, or Azurite, went away in the middle.
            context.Abort();
        }
    }

    private async Task StrikeOrCarryOutAsync(
        HttpContext context, string service, Func<HttpContext, Task<HttpResponseMessage?>> carryOut)
    {
        var (act, release) = faults.Take(service, context.Request);
        switch (act)
        {
            case FaultAct.Busy:
                await Refusal.WriteAsync(context, 503, "ServerBusy");
                return;
            case FaultAct.Throttled:
                await Refusal.WriteAsync(context, 429, "TooManyRequests");
                return;
            case FaultAct.Broken:
                await Refusal.WriteAsync(context, 500, "InternalError");
                return;
            case FaultAct.Forbidden:
                await Refusal.WriteAsync(context, 403, "AuthorizationPermissionMismatch");
                return;
            case FaultAct.TornBefore:
                context.Abort();
                return;
            case FaultAct.Stall:
                await StallAsync(context, release);
                return;
            case null or FaultAct.TornAfter or FaultAct.TornWithin:
                break;
        }

        if (!IsOfTheFamily(context.Request))
        {
            await Refusal.WriteAsync(context, 401, "InvalidAuthenticationInfo");
            return;
        }

        using var answer = await carryOut(context);
        if (act is FaultAct.TornAfter)
        {
            context.Abort();
        }
        else if (answer is not null)
        {
            await Relay.GiveAsync(context, answer, act is FaultAct.TornWithin ? TornAfterBytes : null);
        }
    }

    private bool IsOfTheFamily(HttpRequest request)
    {
        const string Scheme = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.Ordinal)
            && tokens.PrincipalOf(header[Scheme.Length..], Audience, time.GetUtcNow()) is not null;
    }

    private static async Task StallAsync(HttpContext context, CancellationToken release)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, release);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        context.Abort();
    }
}
