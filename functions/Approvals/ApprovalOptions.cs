using PracticPro.Approvals.Published;
using PracticPro.Kernel;

namespace PracticPro.Approvals;

/// <summary>Settings of approvals, section <c>Approvals</c>.</summary>
internal sealed class ApprovalOptions
{
    /// <summary>How long an approved mail is held back, so that it can be undone. Default 30 s; 0 s – 10 min.</summary>
    public TimeSpan UndoDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Host part of the Message-IDs that mark our mail at the provider.</summary>
    public string MessageIdDomain { get; init; } = "outbox.practicpro.example";

    /// <summary>The Message-ID of one revision: equal for equal revisions, so that it is found again at the provider.</summary>
    public string MessageIdOf(ApprovalId id, int revision) => $"<{id}.r{revision}@{MessageIdDomain}>";

    public IEnumerable<string> Errors()
    {
        if (UndoDelay < TimeSpan.Zero || UndoDelay > TimeSpan.FromMinutes(10))
        {
            yield return "Approvals:UndoDelay must be between 0 seconds and 10 minutes.";
        }

        if (!EmailAddress.TryParse($"id@{MessageIdDomain}", out _))
        {
            yield return "Approvals:MessageIdDomain must be a host name.";
        }
    }
}
