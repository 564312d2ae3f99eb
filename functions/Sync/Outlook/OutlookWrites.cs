using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.Outlook;

/// <summary>What the answer to a write says about it. A refusal is believed; trouble of the provider's own is not.</summary>
internal static class OutlookWrites
{
    /// <param name="done">The provider's id of what was written, from an answer that says yes; null when it names none.</param>
    public static WriteOutcome Told(Outcome<EgressAnswer> outcome, Func<EgressAnswer, string?> done)
    {
        if (!outcome.Try(out var answer, out var why))
        {
            // Without an answer it may have acted; everything else was over before anything was sent.
            return why is EgressFailures.NoAnswer or EgressFailures.AnswerTooLarge
                ? new WriteOutcome.Unclear()
                : new WriteOutcome.NotDone(why);
        }

        return (int)answer.Status switch
        {
            >= 200 and < 300 when done(answer) is { } id => new WriteOutcome.Done(id),
            412 => new WriteOutcome.Overtaken(),
            // A mark that is taken is a refusal too: whether it was taken by us, a look tells.
            409 => new WriteOutcome.Unclear(),
            >= 400 and < 500 => new WriteOutcome.NotDone(OutlookErrors.Classify(answer)),
            _ => new WriteOutcome.Unclear(),
        };
    }
}
