using PracticPro.Sandbox.Microsoft.Control;

namespace PracticPro.Sandbox.Control;

/// <summary>
/// The hand that moves the scenery: calls under /control that Google does not have. JSON in, JSON out, loopback only,
/// no sign-in. Grouped by what they move.
/// </summary>
internal static class ControlEndpoints
{
    public static void MapControl(this IEndpointRouteBuilder routes, World world)
    {
        RouteGroupBuilder control = routes.MapGroup("/control");
        control.MapPost("/reset", () =>
        {
            world.Reset();
            return Results.NoContent();
        });
        control.MapGet("/statistics", () => Results.Json(StatisticsView.Of(world)));
        control.MapPost("/clock", (ClockOffset offset) =>
        {
            world.Clock.Offset = TimeSpan.FromSeconds(offset.OffsetSeconds);
            return Results.Json(new { now = world.Clock.GetUtcNow() });
        });
        control.MapPut("/quota", (QuotaSetting quota) =>
        {
            world.Quota.UnitsPerMinute = quota.UnitsPerMinute;
            world.Quota.Clear();
            return Results.Json(quota);
        });
        MailboxControl.Map(control.MapGroup("/mailboxes"), world);
        OAuthControl.Map(control.MapGroup("/oauth"), world);
        PushControl.Map(control.MapGroup("/push"), world);
        QuickBooksControl.Map(control.MapGroup("/quickbooks"), world);
        PaddleControl.Map(control.MapGroup("/paddle"), world);
        CalendarControl.Map(control.MapGroup("/calendar"), world);
        FaultControl.Map(control.MapGroup("/faults"), world);
        MicrosoftControl.Map(control.MapGroup("/microsoft"), world.Microsoft);
    }

    /// <summary>Seconds the sandbox's clock runs ahead of the real one; negative for behind.</summary>
    internal sealed record ClockOffset(double OffsetSeconds);

    /// <summary>Gmail units a minute and mailbox; null for no limit.</summary>
    internal sealed record QuotaSetting(int? UnitsPerMinute);
}
