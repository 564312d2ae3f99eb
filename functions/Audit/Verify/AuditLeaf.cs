using System.Collections.Immutable;

namespace PracticPro.Audit.Verify;

/// <summary>
/// One entry of an audit log, version 1: who did what, when, to which ids, and commitments to the personal values that
/// belong to it. Never a personal value itself. Its place in the log is its number and is not written inside.
/// <code>
/// canonical JSON, one line, members in this order, absent when empty:
/// {"act":"mail-sent",                      what was done, a word of the register of acts
///  "actor":"person-01k…",                  who: a person's id, or job:name
///  "at":1790000000000,                     when: Unix milliseconds, UTC
///  "counts":{"messages":3},                how many, where the act is about many
///  "id":"leaf-01k…",                       random; names the document that holds the values
///  "promises":["APR-1"],                   promises this leaf is evidence for, sorted
///  "subjects":{"approval":"approval-01k…"},  what it was done to: kind → id
///  "v":1,
///  "values":{"recipient":"9f86d0…"}}       personal values: name → commitment, 64 hexadecimal digits
/// </code>
/// All lists are sorted by name and hold each name once.
/// </summary>
internal sealed record AuditLeaf(
    string Id,
    long AtMilliseconds,
    string Actor,
    string Act,
    ImmutableArray<Named<string>> Subjects,
    ImmutableArray<Named<long>> Counts,
    ImmutableArray<string> Promises,
    ImmutableArray<Named<TreeHash>> Commitments)
{
    public const int Version = 1;

    /// <summary>The leaf as the bytes that are hashed.</summary>
    /// <exception cref="ArgumentException">A word in it has not the shape its place asks for.</exception>
    public byte[] ToUtf8()
    {
        var members = new List<Named<Canonical>>
        {
            new("act", Canonical.Of(Act)),
            new("actor", Canonical.Of(Actor)),
            new("at", Canonical.Of(AtMilliseconds)),
            new("id", Canonical.Of(Id)),
            new("v", Canonical.Of(Version)),
        };
        Add(members, "counts", Counts, Canonical.Of);
        Add(members, "subjects", Subjects, Canonical.Of);
        Add(members, "values", Commitments, static hash => Canonical.Of(hash.ToString()));
        if (Promises.Length > 0)
        {
            members.Add(new("promises", new Canonical.List([.. Promises.Order(StringComparer.Ordinal).Select(Canonical.Of)])));
        }

        var bytes = new Canonical.Members(members).ToUtf8();

        // Whatever is written is read back first: a leaf this program cannot read is never in a log.
        return AuditLeafReader.TryRead(bytes, out _)
            ? bytes
            : throw new ArgumentException("A word of the leaf has not the shape its place asks for.");
    }

    private static void Add<T>(
        List<Named<Canonical>> members, string name, ImmutableArray<Named<T>> items, Func<T, Canonical> write)
    {
        if (items.Length > 0)
        {
            members.Add(new(name, new Canonical.Members(items.Select(item =>
                new Named<Canonical>(item.Name, write(item.Value))))));
        }
    }
}
