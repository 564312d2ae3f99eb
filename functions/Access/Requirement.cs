using PracticPro.Kernel;

namespace PracticPro.Access;

/// <summary>
/// Who may use an endpoint. Every endpoint carries exactly one, visible in its room's contents page; the program does
/// not start with one that carries none, because silence would let everybody in.
/// </summary>
internal abstract record Requirement
{
    private Requirement()
    {
    }

    /// <summary>Why the caller may not pass, or null.</summary>
    public abstract Failure? Judge(SignedIn? caller);

    /// <summary>A signed-in person whose role holds the permission.</summary>
    public sealed record Permitted(Permission Permission) : Requirement
    {
        public override Failure? Judge(SignedIn? caller) =>
            caller is null ? new AccessFailures.NotSignedIn()
            : caller.May(Permission) ? null
            : new AccessFailures.NotAllowed();
    }

    /// <summary>A signed-in person of any role: for what everybody may do to their own session.</summary>
    public sealed record Somebody : Requirement
    {
        public override Failure? Judge(SignedIn? caller) => caller is null ? new AccessFailures.NotSignedIn() : null;
    }

    /// <param name="Because">Why nobody need be signed in here.</param>
    public sealed record Anyone(string Because) : Requirement
    {
        public override Failure? Judge(SignedIn? caller) => null;
    }
}

/// <summary>How a contents page says who may use an endpoint.</summary>
internal static class RequirementConventions
{
    public static TBuilder RequirePermission<TBuilder>(this TBuilder endpoint, Permission permission)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new Requirement.Permitted(permission));

    public static TBuilder RequireSomebody<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new Requirement.Somebody());

    public static TBuilder AllowAnyone<TBuilder>(this TBuilder endpoint, string because)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new Requirement.Anyone(because));
}
