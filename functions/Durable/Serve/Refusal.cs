using Grpc.Core;

namespace PracticPro.Durable.Serve;

/// <summary>
/// How the service says no. The words are for people; programs go by the status. No id, name or payload is repeated.
/// </summary>
internal static class Refusal
{
    public static RpcException NotFound() => Of(StatusCode.NotFound, "There is no such instance.");

    public static RpcException Exists() => Of(StatusCode.AlreadyExists, "The instance id is in use.");

    public static RpcException Completed() => Of(StatusCode.FailedPrecondition, "The instance has completed.");

    public static RpcException Alive() => Of(StatusCode.FailedPrecondition, "The instance has not completed.");

    public static RpcException NotFailed() => Of(StatusCode.FailedPrecondition, "The instance has not failed.");

    public static RpcException Malformed(string what) => Of(StatusCode.InvalidArgument, what);

    public static RpcException Stale() =>
        Of(StatusCode.NotFound, "The completion token is not valid, or not any more: the work was answered or given back.");

    public static RpcException Stopping() => Of(StatusCode.Unavailable, "The task hub is stopping.");

    public static RpcException NotOffered(string what) => Of(StatusCode.Unimplemented, what);

    public static RpcException TooMuch() => Of(StatusCode.ResourceExhausted, "The answer is larger than this hub takes.");

    private static RpcException Of(StatusCode code, string words) => new(new Status(code, words));
}
