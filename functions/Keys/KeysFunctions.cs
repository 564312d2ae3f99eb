using PracticPro.Access;
using PracticPro.Keys.Rotation;
using PracticPro.Kernel;

namespace PracticPro.Keys;

/// <summary>This room's endpoints.</summary>
internal static class KeysFunctions
{
    private const string Keys = "/api/v1/keys";

    public static void MapKeys(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Keys, DescribeAsync).RequirePermission(Permission.ManageKeys);
        routes.MapPost($"{Keys}/rotation", RotateAsync).RequirePermission(Permission.ManageKeys)
            .Produces(StatusCodes.Status202Accepted);
    }

    private static async Task<Outcome<DescribeKeys.Answer>> DescribeAsync(
        SignedIn by, DescribeKeys describe, CancellationToken cancellation) =>
        await describe.RunAsync(by.Tenant, cancellation);

    private static async Task<Outcome<DescribeKeys.Answer>> RotateAsync(
        SignedIn by, RotationRequest request, BeginRotation begin, DescribeKeys describe, CancellationToken cancellation)
    {
        var reason = request.Compromised ? RotationReason.Compromised : RotationReason.Asked;
        var begun = await begin.RunAsync(by.Tenant, reason, by.Actor, cancellation);
        return begun.Failure is { } why ? why : await describe.RunAsync(by.Tenant, cancellation);
    }

    /// <param name="Compromised">
    /// Somebody may have keys who should not. Everything is rotated at once, and everybody is signed out.
    /// </param>
    internal sealed record RotationRequest(bool Compromised = false);
}
