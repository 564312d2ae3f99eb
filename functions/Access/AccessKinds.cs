using PracticPro.Vault;

namespace PracticPro.Access;

/// <summary>Every kind of record this room keeps, with its indexes.</summary>
internal static class AccessKinds
{
    public static readonly RecordKind<Person> Person = new(
        "person", 1, Purpose.Records, static person => person.Id.Text);

    public static readonly RecordKind<Session> Session = new(
        "session", 1, Purpose.Tokens, static session => session.TokenHash,
        RecordIndex<Session>.Readable(Access.Session.ByExpiry, static session => IndexText.Time(session.ExpiresAt)));

    public static readonly RecordKind<Practice> Practice = new(
        "practice", 1, Purpose.Records, static _ => Access.Practice.Id);
}
