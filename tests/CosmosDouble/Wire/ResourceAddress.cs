using System.Collections.Immutable;

namespace PracticPro.CosmosDouble.Wire;

/// <summary>
/// What a path names: <c>/dbs/{database}/colls/{container}/docs/{item}</c> and its beginnings; <c>colls</c> and
/// <c>docs</c> may be <c>users</c> and <c>permissions</c>, and <c>docs</c> may be <c>pkranges</c>. Names are by id or by
/// <c>_rid</c>.
/// </summary>
/// <param name="Segments">Unescaped, in order.</param>
internal sealed record ResourceAddress(ImmutableArray<string> Segments)
{
    public static ResourceAddress Parse(string target)
    {
        var path = target.Split('?')[0];
        return new([.. path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)]);
    }

    public string? Database => At(1);

    /// <summary>The container, or the user.</summary>
    public string? Child => At(3);

    /// <summary>The item, or the permission.</summary>
    public string? Grandchild => At(5);

    /// <summary>Kind of what is named or listed: the last of <c>dbs</c>, <c>colls</c>, <c>docs</c>, … in the path; empty for the account.</summary>
    public string Kind => Segments.Length == 0 ? "" : Segments[(Segments.Length - 1) / 2 * 2];

    /// <summary>Whether the path ends with a kind: a collection that is listed or added to.</summary>
    public bool IsCollection => Segments.Length % 2 == 1;

    private string? At(int index) => Segments.Length > index ? Segments[index] : null;
}
