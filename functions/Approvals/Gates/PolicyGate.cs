namespace PracticPro.Approvals;

/// <summary>Gate 2: consent and policy. The connection must be alive and allow sending, and the recipient must not have opted out.</summary>
internal static class PolicyGate
{
    public static GateResult Evaluate(GateFacts facts) => GateResult.Of(GateName.Policy, Reasons(facts));

    private static IEnumerable<GateReason> Reasons(GateFacts facts)
    {
        if (!facts.Sender.Active)
        {
            yield return new("mailbox-not-connected", Verdict.Refuse, "The mailbox is not connected. Connect it again.");
        }

        if (!facts.Sender.MaySend)
        {
            yield return new("scope-missing", Verdict.Refuse, "The mailbox was connected without leave to write drafts. Connect it again.");
        }

        if (!facts.Sender.OutboundAllowed)
        {
            yield return new("outbound-off", Verdict.Refuse, "Sending is switched off in the practice's settings.");
        }

        if (facts.Mail.From.Address != facts.Sender.Mailbox)
        {
            yield return new("foreign-sender", Verdict.Refuse, "The sender is not the connected mailbox.");
        }

        if (facts.Mail.Recipients.Any(recipient => facts.Recipients.OptedOut.Contains(recipient.Address)))
        {
            yield return new("opted-out", Verdict.Refuse, "A recipient asked not to be written to. Remove them.");
        }
    }
}
