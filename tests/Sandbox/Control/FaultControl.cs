using System.Text.Json;
using PracticPro.Sandbox.Faults;

namespace PracticPro.Sandbox.Control;

/// <summary>Adds, lists and removes fault rules.</summary>
internal static class FaultControl
{
    public static void Map(RouteGroupBuilder faults, World world)
    {
        faults.MapGet("", () => Results.Json(world.Faults.Rules.Select(View)));
        faults.MapPost("", (RuleWish wish) => Add(world, wish));
        faults.MapDelete("", () =>
        {
            world.Faults.Clear();
            return Results.NoContent();
        });
        faults.MapDelete("/{number:int}", (int number) =>
            world.Faults.Remove(number) ? Results.NoContent() : Results.NotFound());
    }

    private static IResult Add(World world, RuleWish wish)
    {
        // "drop-after" on the wire, DropAfter here; numbers are not names.
        string name = wish.Action.Kind.Replace("-", "", StringComparison.Ordinal);
        if (!Enum.TryParse(name, ignoreCase: true, out FaultKind kind) || int.TryParse(name, out _))
        {
            return Results.BadRequest(new { problem = "unknown action.kind" });
        }

        if (wish.Match?.PathRegex is string pattern && !FaultRule.IsPattern(pattern))
        {
            return Results.BadRequest(new { problem = "match.pathRegex is no regular expression" });
        }

        if (kind == FaultKind.Kill && wish.Action.Pid is not > 1)
        {
            return Results.BadRequest(new { problem = "kill needs action.pid" });
        }

        var action = new FaultAction(kind)
        {
            Reason = wish.Action.Reason,
            Code = wish.Action.Code,
            Message = wish.Action.Message,
            Seconds = wish.Action.Seconds ?? 1,
            Acts = wish.Action.Acts ?? false,
            Pid = wish.Action.Pid ?? 0,
            After = wish.Action.When == "after",
        };
        FaultMatch match = wish.Match ?? new FaultMatch(null, null, null);
        return Results.Json(View(world.Faults.Add(match, action, wish.After ?? 0, wish.Times ?? 1)));
    }

    private static object View(FaultRule rule) => new
    {
        id = rule.Number,
        match = rule.Match,
        after = rule.Skip,
        times = rule.Times,
        action = JsonNamingPolicy.KebabCaseLower.ConvertName(rule.Action.Kind.ToString()),
        seen = rule.Seen,
        fired = rule.Fired,
    };

    /// <summary>After: matching requests to let pass first. Times: 1 when absent, 0 for ever.</summary>
    internal sealed record RuleWish(FaultMatch? Match, int? After, int? Times, ActionWish Action);

    internal sealed record ActionWish(
        string Kind, string? Reason, int? Code, string? Message, double? Seconds, bool? Acts, int? Pid, string? When);
}
