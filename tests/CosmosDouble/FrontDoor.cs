using PracticPro.CosmosDouble.Endpoints;
using PracticPro.CosmosDouble.Faults;
using PracticPro.CosmosDouble.Security;
using PracticPro.CosmosDouble.Wire;

namespace PracticPro.CosmosDouble;

/// <summary>
/// The way of every request: read, admitted, struck by a fault or not, carried out, counted, answered.
/// </summary>
internal sealed class FrontDoor(
    Guard guard, FaultQueue faults, RequestLog log, AccountEndpoints accounts, ItemEndpoints items, GrantEndpoints grants, TimeProvider time)
{
    public async Task HandleAsync(HttpContext context)
    {
        var request = await CosmosRequest.ReadAsync(context);
        var (caller, refusal) = guard.Admit(request);
        if (caller is null)
        {
            await SendAsync(context, request, CosmosAnswer.Of(refusal!));
            return;
        }

        var rule = faults.Strike(request);
        await (rule is null ? AnswerAsync(context, request) : StrikeAsync(context, request, rule));
    }

    private async Task StrikeAsync(HttpContext context, CosmosRequest request, FaultRule rule)
    {
        var fault = rule.Fault;
        if (fault.Acts)
        {
            await CarryOutAsync(request);
        }

        switch (fault.Kind)
        {
            case FaultKind.Status:
                await SendAsync(context, request, fault.Answer!);
                break;
            case FaultKind.Drop:
                log.Add(new ServedRequest(request.Kind, request.Method, request.PartitionKey?.Text, 0, 0, 0));
                context.Abort();
                break;
            default:
                await WaitAsync(rule, context.RequestAborted);
                if (!context.RequestAborted.IsCancellationRequested)
                {
                    await AnswerAsync(context, request);
                }

                break;
        }
    }

    private async Task WaitAsync(FaultRule rule, CancellationToken hungUp)
    {
        var span = rule.Fault.Span ?? Timeout.InfiniteTimeSpan;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(hungUp);
        await Task.WhenAny(rule.Released, Task.Delay(span, time, over.Token));
        await over.CancelAsync();
    }

    private async Task AnswerAsync(HttpContext context, CosmosRequest request) =>
        await SendAsync(context, request, await CarryOutAsync(request));

    private async Task<CosmosAnswer> CarryOutAsync(CosmosRequest request) => request.Address.Kind switch
    {
        "docs" => await items.AnswerAsync(request),
        "users" or "permissions" => grants.Answer(request),
        _ => accounts.Answer(request),
    };

    private async Task SendAsync(HttpContext context, CosmosRequest request, CosmosAnswer answer)
    {
        log.Add(new ServedRequest(
            request.Kind, request.Method, request.PartitionKey?.Text, answer.Status, answer.SubStatus, answer.Charge));
        await answer.SendAsync(context);
    }
}
