namespace PracticPro.Approvals;

/// <summary>Gate 5: how much, how often and when.</summary>
internal static class PaceGate
{
    public const int MostAnHour = 60;
    public const int MostADay = 300;

    public static GateResult Evaluate(GateFacts facts) => GateResult.Of(GateName.Pace, Reasons(facts));

    private static IEnumerable<GateReason> Reasons(GateFacts facts)
    {
        if (facts.Pace.SentLastHour >= MostAnHour || facts.Pace.SentLastDay >= MostADay)
        {
            yield return new("too-much-at-once", Verdict.Refuse, "The practice has sent unusually much. Wait an hour.");
        }

        if (facts.Pace.SameSentLastDay)
        {
            yield return facts.Action is OutgoingMail
                ? new("sent-already", Verdict.Confirm, "The same text went to a recipient within a day.")
                : new("done-already", Verdict.Confirm, "The same was done within a day.");
        }

        // What reaches nobody disturbs nobody.
        if (facts.Action is not OutgoingTask and not OutgoingEvent { Order.TellGuests: false }
            && facts.Pace.QuietHours?.Contains(facts.Now) == true)
        {
            yield return new("quiet-hours", Verdict.Confirm, "It is within the practice's quiet hours.");
        }
    }
}
