using Microsoft.AspNetCore.Http.Metadata;
using PracticPro.Kernel;

namespace PracticPro.Hosting.Http;

/// <summary>
/// Endpoint filter: turns the outcome a handler returns into its answer. A failure goes through <see cref="FailureMap"/>;
/// a value is written as JSON with the status the contents page declares by <c>Produces</c>, 200 where it declares none.
/// </summary>
internal static class AnswerOutcomes
{
    public static TBuilder AnswerWithOutcomes<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder => endpoints.AddEndpointFilter(static async (invocation, next) =>
    {
        var result = await next(invocation);
        return result is IOutcome outcome ? new OutcomeAnswer(outcome) : result;
    });

    private sealed class OutcomeAnswer(IOutcome outcome) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            if (outcome.Failure is { } failure)
            {
                return AnswerProblem.WriteAsync(httpContext, FailureMap.Of(failure));
            }

            var declared = httpContext.GetEndpoint()?.Metadata.GetMetadata<IProducesResponseTypeMetadata>();
            httpContext.Response.StatusCode = declared?.StatusCode ?? StatusCodes.Status200OK;
            return httpContext.Response.StatusCode == StatusCodes.Status204NoContent
                ? Task.CompletedTask
                : Results.Json(outcome.Value, statusCode: httpContext.Response.StatusCode).ExecuteAsync(httpContext);
        }
    }
}
