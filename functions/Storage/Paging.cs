namespace PracticPro.Storage;

/// <summary>
/// What an alert is set on to wake a person: a line of level Error with this event id whose words begin so, and the meter
/// beside it. <c>infra/</c> has the alert; a test holds the two together.
/// </summary>
internal static class Paging
{
    /// <summary>Of every line that pages.</summary>
    public const int EventId = 360;

    /// <summary>What every such line begins with.</summary>
    public const string Words = "Page: ";

    public const string Meter = "PracticPro.Storage";

    /// <summary>Gauge: messages that were given up on and wait for a person, by <c>queue</c>. Above zero is a reason to page.</summary>
    public const string Poison = "practicpro.poison";
}
