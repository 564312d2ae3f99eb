using Grpc.Core;
using Grpc.Core.Interceptors;

namespace PracticPro.Durable.Serve;

/// <summary>
/// Around every call: accidents become a status without their words, which might repeat what a worker or client sent.
/// </summary>
internal sealed class AnswerInStatuses(ServedHub hub) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request,
        ServerCallContext context,
        UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception accident) when (accident is not RpcException)
        {
            throw Status(accident, context);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception accident) when (accident is not RpcException)
        {
            throw Status(accident, context);
        }
    }

    private RpcException Status(Exception accident, ServerCallContext context)
    {
        switch (accident)
        {
            case HubStoppedException:
                return Refusal.Stopping();
            case OperationCanceledException or IOException when context.CancellationToken.IsCancellationRequested:
                return new RpcException(new Status(StatusCode.Cancelled, "The caller has gone."));
            default:
                ServeLog.CallFailed(hub.Log, context.Method, accident.GetType().Name);
                return new RpcException(new Status(StatusCode.Internal, "The call could not be carried out."));
        }
    }
}
