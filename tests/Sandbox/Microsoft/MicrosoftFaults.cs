using System.Globalization;
using PracticPro.Sandbox.Faults;
using PracticPro.Sandbox.Microsoft.Graph;
using PracticPro.Sandbox.Microsoft.Identity;

namespace PracticPro.Sandbox.Microsoft;

/// <summary>
/// Injected errors as Microsoft words them. The reason is a Graph code, or at the token endpoint an AADSTS number or an
/// OAuth error; seconds go into Retry-After.
/// </summary>
internal static class MicrosoftFaults
{
    public static bool Owns(PathString path) =>
        path.StartsWithSegments("/v1.0") || IsIdentity(path) || path.StartsWithSegments("/outlook-upload");

    public static Task Write(FaultAction action, HttpContext context)
    {
        string reason = action.Reason ?? "backendError";
        DateTimeOffset now = DateTimeOffset.UnixEpoch;
        if (IsIdentity(context.Request.Path))
        {
            IdentityProblem problem = IdentityProblem.Named(reason)
                ?? new IdentityProblem(action.Code ?? 400, reason, 90002, reason);
            problem = problem with
            {
                Status = action.Code ?? problem.Status,
                Message = action.Message ?? problem.Message,
            };
            if (problem.Status is 429 or 503)
            {
                context.Response.Headers.RetryAfter = Seconds(action).ToString(CultureInfo.InvariantCulture);
            }

            return Answers.Json(problem.ToJson(now), problem.Status).ExecuteAsync(context);
        }

        GraphError error = GraphError.Named(reason, Seconds(action)) ?? new GraphError(action.Code ?? 400, reason, reason);
        error = error with { Status = action.Code ?? error.Status, Message = action.Message ?? error.Message };
        return GraphEndpoints.WriteError(context, error, now);
    }

    private static bool IsIdentity(PathString path) =>
        path.Value?.Contains("/oauth2/v2.0/", StringComparison.Ordinal) == true;

    private static int Seconds(FaultAction action) => (int)Math.Ceiling(action.Seconds);
}
