namespace PracticPro.Sync.Mailbox;

/// <summary>What is attached to a message, by its outside. Its content is never fetched (SYNC-2).</summary>
/// <param name="Part">Its place in the message: <c>1</c>, <c>0.2</c>. Stays, while the provider's tickets for it change.</param>
/// <param name="Name">As its sender named it; one line.</param>
/// <param name="MediaType">In lower case: <c>application/pdf</c>.</param>
/// <param name="SizeBytes">Decoded.</param>
internal sealed record MailAttachment(string Part, string Name, string MediaType, int SizeBytes);
