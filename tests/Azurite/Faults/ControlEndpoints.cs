namespace PracticPro.Azurite.Faults;

/// <summary>
/// Faults from another process: <c>POST /control/faults</c> with a rule as JSON, <c>DELETE</c> to be rid of all,
/// <c>GET</c> for how many calls were struck. No token: this is no part of the service.
/// </summary>
internal static class ControlEndpoints
{
    private const string Path = "/control/faults";

    public static void MapControl(this WebApplication app, FaultPlan faults)
    {
        app.MapPost(Path, async (HttpContext context) =>
        {
            if (await context.Request.ReadFromJsonAsync<FaultRule>(context.RequestAborted) is not { } rule)
            {
                return Results.BadRequest();
            }

            faults.Add(rule);
            return Results.NoContent();
        });
        app.MapDelete(Path, () =>
        {
            faults.Clear();
            return Results.NoContent();
        });
        app.MapGet(Path, () => Results.Json(new { struck = faults.Struck }));
    }
}
