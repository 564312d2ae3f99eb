using System.Collections.Immutable;
using PracticPro.Kernel;

namespace PracticPro.Approvals;

/// <summary>The practice's own rules about what may leave. One a tenant; without one, the defaults hold.</summary>
/// <param name="Allowed">The switch for everything outward.</param>
/// <param name="OptedOut">Addresses that asked not to be written to.</param>
internal sealed record OutboundPolicy(bool Allowed, QuietHours? QuietHours, ImmutableArray<EmailAddress> OptedOut)
{
    public const string Id = "outbound";

    public static readonly OutboundPolicy Default = new(Allowed: true, QuietHours: null, OptedOut: []);
}
