using PracticPro.Kernel;

namespace PracticPro.Approvals;

/// <summary>Gate 2: consent and policy. The connection must be alive and allow sending, and the recipient must not have opted out.</summary>
internal static class PolicyGate
{
    public static GateResult Evaluate(GateFacts facts) => GateResult.Of(GateName.Policy, Reasons(facts));

    private static IEnumerable<GateReason> Reasons(GateFacts facts)
    {
        if (!facts.Sender.Active)
        {
            yield return facts.Action is OutgoingMail
                ? new("mailbox-not-connected", Verdict.Refuse, "The mailbox is not connected. Connect it again.")
                : new("account-not-connected", Verdict.Refuse, "The account is not connected. Connect it again.");
        }

        if (!facts.Sender.MaySend)
        {
            yield return facts.Action is OutgoingMail
                ? new("scope-missing", Verdict.Refuse, "The mailbox was connected without leave to write drafts. Connect it again.")
                : new("scope-missing", Verdict.Refuse, "The account was connected without leave to write there. Connect it again.");
        }

        if (!facts.Sender.OutboundAllowed)
        {
            yield return new("outbound-off", Verdict.Refuse, "Sending is switched off in the practice's settings.");
        }

        if (AccountOf(facts.Action) != facts.Sender.Mailbox && !IsFromAlias(facts))
        {
            yield return facts.Action is OutgoingMail
                ? new("foreign-sender", Verdict.Refuse, "The sender is not the connected mailbox, nor a verified address of it. Choose another sender.")
                : new("foreign-account", Verdict.Refuse, "It is for another account than the connected one.");
        }

        if (facts.Action is OutgoingEvent { IsOurs: false })
        {
            yield return new("not-the-organiser", Verdict.Refuse, "Somebody else organises this event. Ask them to change it.");
        }

        if (facts.Action.Recipients.Any(recipient => facts.Recipients.OptedOut.Contains(recipient.Address)))
        {
            yield return new("opted-out", Verdict.Refuse, "A recipient asked not to be written to. Remove them.");
        }
    }

    private static bool IsFromAlias(GateFacts facts) =>
        facts.Action is OutgoingMail mail && facts.Sender.Aliases.Contains(mail.From.Address);

    public static EmailAddress? AccountOf(OutgoingAction action) => action switch
    {
        OutgoingMail mail => mail.From.Address,
        OutgoingEvent one => one.Account,
        OutgoingTask task => task.Account,
        _ => throw new InvalidOperationException("An action of no known kind."),
    };
}
