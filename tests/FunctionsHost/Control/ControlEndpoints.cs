using System.Text.Json;
using System.Text.Json.Serialization;
using PracticPro.Durable.Wire;
using PracticPro.FunctionsHost.Faults;
using PracticPro.FunctionsHost.Handler;

namespace PracticPro.FunctionsHost.Control;

/// <summary>What can be asked of the host from outside, beside what the real one answers under /admin.</summary>
internal static class ControlEndpoints
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
    };

    public static void Map(RouteGroupBuilder admin, FakeHost host)
    {
        admin.MapGet("/host/status", () => Results.Json(
            new { id = "fake", state = host.Jobs is null ? "Offline" : "Running", version = HandlerCall.HostVersion }));
        var control = admin.MapGroup("/control");
        control.MapGet("/statistics", () => Results.Json(Statistics(host)));
        control.MapGet("/instances", (string? status) => Results.Json(Instances(host, status)));
        control.MapGet("/handlers", () => Results.Json(host.Handlers));
        control.MapPost("/handler/kill", async () =>
        {
            await host.KillHandlerAsync();
            return Results.NoContent();
        });
        control.MapPost("/restart", async (CancellationToken cancellation) =>
        {
            await host.RestartAsync(cancellation);
            return Results.NoContent();
        });
        MapFaults(control.MapGroup("/faults"), host.Faults);
    }

    private static void MapFaults(RouteGroupBuilder faults, FaultPlan plan)
    {
        faults.MapGet("", () => Results.Json(View(plan), Json));
        faults.MapDelete("", () =>
        {
            plan.Clear();
            return Results.NoContent();
        });
        faults.MapPost("", async (HttpContext context) =>
        {
            try
            {
                var rule = await context.Request.ReadFromJsonAsync<FaultRule>(Json, context.RequestAborted);
                return rule is null ? Results.BadRequest() : Results.Json(View(plan.Add(rule)), Json);
            }
            catch (JsonException)
            {
                return Results.BadRequest();
            }
        });
        faults.MapPut("/chances", (int? duplicateMessages, int? duplicateActivities, int? reorderedEvents, int? forgottenTurns) =>
        {
            plan.DuplicateMessages = duplicateMessages ?? plan.DuplicateMessages;
            plan.DuplicateActivities = duplicateActivities ?? plan.DuplicateActivities;
            plan.ReorderedEvents = reorderedEvents ?? plan.ReorderedEvents;
            plan.ForgottenTurns = forgottenTurns ?? plan.ForgottenTurns;
            return Results.Json(View(plan), Json);
        });
    }

    private static object View(FaultPlan plan) => new
    {
        plan.DuplicateMessages,
        plan.DuplicateActivities,
        plan.ReorderedEvents,
        plan.ForgottenTurns,
        Rules = plan.Rules.Select(one => new { one.Rule, one.Seen, one.Struck }),
    };

    private static Dictionary<string, long> Statistics(FakeHost host)
    {
        var figures = Enum.GetValues<Figure>().ToDictionary(
            figure => JsonNamingPolicy.CamelCase.ConvertName(figure.ToString()), figure => host.Statistics[figure]);
        figures["handlerRestarts"] = Math.Max(0, figures["handlerStarts"] - 1);
        lock (host.Storage.Hub.Gate)
        {
            foreach (var status in Enum.GetValues<RuntimeStatus>())
            {
                figures[$"instances{status}"] = host.Storage.Hub.Instances.LongCount(one => one.Status == status);
            }
        }

        return figures;
    }

    private static List<object> Instances(FakeHost host, string? status)
    {
        lock (host.Storage.Hub.Gate)
        {
            return
            [
                .. host.Storage.Hub.Instances
                    .Where(one => status is null || one.Status.ToString().Equals(status, StringComparison.OrdinalIgnoreCase))
                    .Select(one => new { one.Id, one.Name, Status = one.Status.ToString(), one.CreatedAt, one.UpdatedAt }),
            ];
        }
    }
}
