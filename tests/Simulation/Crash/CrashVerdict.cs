using PracticPro.Approvals;
using PracticPro.Audit.Verify;
using PracticPro.Cli.Demo;

namespace PracticPro.Simulation.Crash;

/// <param name="Faults">What does not hold, a sentence each; none when all holds.</param>
/// <param name="Story">The run in one line.</param>
internal sealed record CrashVerdict(IReadOnlyList<string> Faults, string Story)
{
    public static CrashVerdict Stopped(Exception broken) =>
        new([$"The run stopped: {broken.GetType().Name}: {broken.Message}"], "stopped");

    /// <param name="approved">Approval id and Message-ID of everything the person approved.</param>
    public static CrashVerdict Of(
        DemoShapes.Dump dump,
        IReadOnlyDictionary<string, int> left,
        KeptRecords kept,
        IReadOnlyDictionary<string, string> approved,
        AuditVerdict log,
        string moments)
    {
        var mail = DemoChecks.Mail(dump, kept.Messages);
        List<string> faults =
        [
            .. mail.Missing.Select(id => $"Message {id} is in the mailbox and not in our records."),
            .. mail.Surplus.Select(id => $"Message {id} is in our records and not in the mailbox."),
            .. mail.Differing.Select(id => $"Message {id} has other labels or another thread in our records."),
            .. Sending(left, kept, approved),
            .. log.IsWhole ? [] : log.Defects.Select(defect => $"Audit log: {defect.Sentence}").Prepend("The audit log is not whole."),
        ];
        var sent = kept.Approvals.Count(one => one.State == ApprovalState.Sent);
        return new CrashVerdict(
            faults,
            $"{mail.Agreeing} messages, {approved.Count} approved, {sent} sent, {log.Leaves} leaves; {moments}");
    }

    private static IEnumerable<string> Sending(
        IReadOnlyDictionary<string, int> left, KeptRecords kept, IReadOnlyDictionary<string, string> approved)
    {
        var byMessage = kept.Approvals.ToDictionary(one => one.MessageId);
        foreach (var (id, times) in left.Where(pair => pair.Value > 1))
        {
            yield return $"{id} was sent {times} times.";
        }

        foreach (var id in left.Keys.Where(id => !approved.Values.Contains(id)))
        {
            yield return $"{id} was sent and nobody approved it ({(byMessage.TryGetValue(id, out var one) ? one.State : "not ours")}).";
        }

        foreach (var (approval, id) in approved)
        {
            var state = kept.Approvals.Single(one => one.Id == approval).State;
            var isThere = left.ContainsKey(id);

            // A gate may take an approval back when the world changed before it left: then it waits again, and stays.
            var right = state switch
            {
                ApprovalState.Sent => isThere,
                ApprovalState.Waiting => !isThere,
                _ => false,
            };
            if (!right)
            {
                yield return $"Approved {approval} is {state} and {(isThere ? "was" : "was not")} sent.";
            }
        }
    }
}
