using System.Collections.Immutable;

namespace PracticPro.Egress;

/// <summary>Every outside company the program can talk to. One more is one more line, and a notice (TRUST-1).</summary>
internal static class ProcessorBook
{
    public static readonly ImmutableArray<Processor> All =
    [
        GoogleServices.Gmail, GoogleServices.Grants, GoogleServices.Keys, GoogleServices.Consent,
        GoogleCalendarServices.Calendar,
        IntuitServices.QuickBooks, IntuitServices.Grants, IntuitServices.Revocation, IntuitServices.Consent,
        MicrosoftServices.Graph, MicrosoftServices.Identity,
    ];
}
