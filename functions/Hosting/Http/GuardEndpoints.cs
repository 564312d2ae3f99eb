using PracticPro.Access;
using PracticPro.Kernel;
using PracticPro.Web;

namespace PracticPro.Hosting.Http;

/// <summary>
/// Middleware: holds each endpoint's <see cref="Requirement"/> against the caller, and the session's token against every
/// request that changes something (AUTH-6). Before any body is bound and any handler runs.
/// </summary>
internal sealed class GuardEndpoints(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        // Routing's own answers (no such method, no such media type) are endpoints without a route, and do nothing.
        if (context.GetEndpoint() is RouteEndpoint endpoint && await RefusalAsync(context, endpoint) is { } refusal)
        {
            if (refusal is AccessFailures.NotSignedIn && SignInAddress.Instead(context.Request) is { } signIn)
            {
                context.Response.Redirect(signIn);
                return;
            }

            await AnswerProblem.WriteAsync(context, FailureMap.Of(refusal));
            return;
        }

        await next(context);
    }

    private static async Task<Failure?> RefusalAsync(HttpContext context, RouteEndpoint endpoint)
    {
        var requirement = endpoint.Metadata.GetMetadata<Requirement>()
            ?? throw new InvalidOperationException("An endpoint names no requirement.");
        var caller = context.Features.Get<SignedIn>();
        if (requirement is not Requirement.Anyone && caller is not null
            && await ForgeryCheck.JudgeAsync(context.Request, caller.Session, context.RequestAborted) is { } forged)
        {
            return forged;
        }

        return requirement.Judge(caller);
    }
}
