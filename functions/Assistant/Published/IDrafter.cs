namespace PracticPro.Assistant.Published;

/// <summary>
/// Writes a suggestion for a reply. A drafter only suggests: it holds no credential and knows no way to send (AI-4).
/// </summary>
internal interface IDrafter
{
    /// <summary>Its name in the audit log: <c>offline-templates</c>, ….</summary>
    string Name { get; }

    /// <summary>A suggestion for the conversation. The same facts give the same text.</summary>
    ValueTask<DraftText> DraftAsync(DraftFacts facts, CancellationToken cancellation);
}

/// <summary>What a drafter may know: facts derived from envelopes, never a body.</summary>
/// <param name="TheirName">Display name of the person who waits; empty when unknown.</param>
/// <param name="OurName">Name the reply is signed with.</param>
/// <param name="Subject">Subject of the conversation.</param>
/// <param name="WaitingSince">When they wrote last.</param>
/// <param name="KnownSince">When the practice first wrote with them.</param>
internal sealed record DraftFacts(
    string TheirName,
    string OurName,
    string Subject,
    DateTimeOffset WaitingSince,
    DateTimeOffset KnownSince,
    DateTimeOffset Now);

internal sealed record DraftText(string Subject, string Text);
