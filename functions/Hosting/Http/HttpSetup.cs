using System.Text.Json;
using System.Text.Json.Serialization;
using PracticPro.Access;
using PracticPro.Approvals.Published;
using PracticPro.Sync.Published;
using PracticPro.Tasks.Published;

namespace PracticPro.Hosting.Http;

/// <summary>How requests are read and in which order they are judged.</summary>
internal static class HttpSetup
{
    public static IServiceCollection AddPracticProHttp(this IServiceCollection services) => services
        .ConfigureHttpJsonOptions(static http => Configure(http.SerializerOptions))
        .Configure<RouteHandlerOptions>(static handlers => handlers.ThrowOnBadRequest = true)
        .Configure<RouteOptions>(static routes =>
        {
            routes.SetParameterPolicy<IdConstraint<ApprovalId>>("approval");
            routes.SetParameterPolicy<IdConstraint<PracticeTaskId>>("task");
            routes.SetParameterPolicy<IdConstraint<ConnectionId>>("connection");
        });

    /// <summary>Headers first, so that every answer has them; then what catches; then who; then whether; then what.</summary>
    public static void UsePracticPro(this WebApplication app)
    {
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<CatchAccidents>();
        app.UseMiddleware<RequireHttps>();
        app.UseRouting();
        app.UseMiddleware<IdentifyCaller>();
        app.UseMiddleware<GuardEndpoints>();
    }

    // Strict in: a misspelt member is refused, or "confirmd" would quietly mean "not confirmed". Explicit out: null is written.
    private static void Configure(JsonSerializerOptions json)
    {
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        json.AllowDuplicateProperties = false;
        json.NumberHandling = JsonNumberHandling.Strict;
        json.RespectNullableAnnotations = true;
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false));
    }
}
