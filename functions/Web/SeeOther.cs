namespace PracticPro.Web;

/// <summary>
/// After a form: go and look there (303, RFC 9110 section 15.4.4). Reloading then repeats the look and not the act.
/// </summary>
internal sealed class SeeOther(string place) : IResult
{
    public static SeeOther With(string place, string note) => new($"{place}?{Note.Query}={note}");

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        httpContext.Response.Headers.Location = place;
        return Task.CompletedTask;
    }
}
