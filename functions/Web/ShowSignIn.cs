using PracticPro.Access;
using PracticPro.Kernel;
using PracticPro.Web.Pages;

namespace PracticPro.Web;

/// <summary>The sign-in page, and what its form does.</summary>
internal sealed class ShowSignIn(SignInAtTheDoor door)
{
    public static IResult Page(string? then, string? note) =>
        new PageAnswer<SignInPage>(new SignInView(Frame.OfNobody("Sign in", note), "", SignInAddress.OrHome(then)));

    /// <summary>Signs in and goes on, or shows the page again. A form another site sent is not looked at.</summary>
    public async Task<object> TryAsync(HttpContext context, Form form, CancellationToken cancellation)
    {
        if (!ForgeryCheck.ComesFromHere(context.Request))
        {
            return new Outcome<Done>(new AccessFailures.ForgedRequest());
        }

        var then = SignInAddress.OrHome(form["then"]);
        var outcome = await door.RunAsync(context.Connection.RemoteIpAddress, form["name"], form["password"], cancellation);
        if (outcome.Try(out var made, out var why))
        {
            SessionCookie.Write(context.Response, made.Tenant, made.Token);
            return new SeeOther(then);
        }

        if (why is Failure.TooMany)
        {
            return outcome;
        }

        var view = new SignInView(Frame.OfNobody("Sign in", trouble: why.Message), form["name"], then);
        return new PageAnswer<SignInPage>(view, StatusCodes.Status401Unauthorized);
    }
}
