using PracticPro.Kernel;

namespace PracticPro.Access;

/// <summary>This room's endpoints.</summary>
internal static class AccessFunctions
{
    private const string Session = "/api/v1/session";

    public static void MapAccess(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(Session, SignInAsync).AllowAnyone("By this one becomes somebody.");
        routes.MapGet(Session, DescribeAsync).RequireSomebody();
        routes.MapDelete(Session, SignOutAsync).RequireSomebody().Produces(StatusCodes.Status204NoContent);
    }

    /// <summary>A sign-in can be forged as well: into the attacker's account, to see what is typed there. So its origin is checked.</summary>
    private static async Task<Outcome<DescribeSession.Answer>> SignInAsync(
        SignInRequest request,
        HttpContext context,
        SignInAtTheDoor door,
        Sessions sessions,
        DescribeSession describe,
        CancellationToken cancellation)
    {
        if (!ForgeryCheck.ComesFromHere(context.Request))
        {
            return new AccessFailures.ForgedRequest();
        }

        var outcome = await door.RunAsync(context.Connection.RemoteIpAddress, request.Name, request.Password, cancellation);
        if (!outcome.Try(out var made, out var why))
        {
            return why;
        }

        SessionCookie.Write(context.Response, made.Tenant, made.Token);
        var caller = await sessions.FindAsync(made.Tenant, made.Token, cancellation);
        return await describe.RunAsync(caller.Expect(), cancellation);
    }

    private static Task<Outcome<DescribeSession.Answer>> DescribeAsync(
        SignedIn by, DescribeSession describe, CancellationToken cancellation) => describe.RunAsync(by, cancellation);

    private static async Task<Outcome<Done>> SignOutAsync(
        SignedIn by, HttpResponse response, Sessions sessions, CancellationToken cancellation)
    {
        await sessions.EndAsync(by, cancellation);
        SessionCookie.Remove(response);
        return Done.Value;
    }

    internal sealed record SignInRequest(string? Name, string? Password)
    {
        // It holds a password.
        public override string ToString() => "***";
    }
}
