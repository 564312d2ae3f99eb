using PracticPro.Kernel;

namespace PracticPro.Approvals.Published;

/// <summary>A recipient or sender: address and the name shown beside it.</summary>
internal sealed record MailParty(EmailAddress Address, string Name);
