using System.Collections.Immutable;

namespace PracticPro.Audit.Verify;

/// <summary>How the key that signed stands to the pinned one.</summary>
internal enum KeyRelation
{
    Same,

    /// <summary>The pinned key was followed by it, on schedule all the way.</summary>
    Successor,

    /// <summary>It was followed by the pinned one, on schedule all the way.</summary>
    Predecessor,

    /// <summary>No statement leads from one to the other.</summary>
    Unrelated,

    /// <summary>The key that signed was given up as compromised.</summary>
    SignerGivenUp,

    /// <summary>The way from the pinned key leads over one that was given up as compromised: its word is worth nothing.</summary>
    WayGivenUp,

    /// <summary>One key has two successors, or two predecessors: somebody made a statement who should not.</summary>
    Forked,
}

/// <summary>
/// The keys of a platform in the order they followed each other, by statements that both of each pair signed
/// (<see cref="SuccessionNote"/>). Read forwards from a pinned key it is the old key that vouches, read backwards it is the
/// pinned one itself, which signed that the other came before. Nothing is taken over a key that was given up: who holds it can
/// vouch for a key of their own.
/// </summary>
internal sealed class KeyLineage(ImmutableArray<SuccessionNote> notes)
{
    public static readonly KeyLineage None = new([]);

    private readonly ImmutableArray<KeySuccession> links = [.. notes.Select(note => note.Succession)];

    public KeyRelation Relate(string pinned, CheckpointKey signer)
    {
        if (links.Any(link => link.Reason == SuccessionReason.Compromised && link.Old.Equals(signer)))
        {
            return KeyRelation.SignerGivenUp;
        }

        if (pinned == signer.KeyId)
        {
            return KeyRelation.Same;
        }

        var forwards = Follow(
            pinned, signer, KeyRelation.Successor,
            static (link, at) => link.Old.KeyId == at, static link => link.New);
        return forwards != KeyRelation.Unrelated
            ? forwards
            : Follow(
                pinned, signer, KeyRelation.Predecessor,
                static (link, at) => link.New.KeyId == at, static link => link.Old);
    }

    /// <summary>The keys that came before this one, newest first, given up or not. None of a fork.</summary>
    public IEnumerable<CheckpointKey> Before(CheckpointKey key)
    {
        var at = key;
        for (var steps = 0; steps < links.Length; steps++)
        {
            var next = links.Where(link => link.New.Equals(at)).Select(link => link.Old).Distinct().ToList();
            if (next.Count != 1)
            {
                yield break;
            }

            yield return at = next[0];
        }
    }

    private KeyRelation Follow(
        string from, CheckpointKey to, KeyRelation found, Func<KeySuccession, string, bool> isNext, Func<KeySuccession, CheckpointKey> other)
    {
        var at = from;
        var isGivenUp = false;

        // A circle ends here as well: there are no more steps than statements.
        for (var steps = 0; steps < links.Length; steps++)
        {
            var next = links.Where(link => isNext(link, at)).ToList();
            if (next.Count == 0)
            {
                return KeyRelation.Unrelated;
            }

            if (next.Select(other).Distinct().Count() > 1)
            {
                return KeyRelation.Forked;
            }

            isGivenUp |= next.Any(link => link.Reason == SuccessionReason.Compromised);
            at = other(next[0]).KeyId;
            if (at == to.KeyId)
            {
                return isGivenUp ? KeyRelation.WayGivenUp : found;
            }
        }

        return KeyRelation.Unrelated;
    }
}
