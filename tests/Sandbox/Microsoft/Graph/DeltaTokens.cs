namespace PracticPro.Sandbox.Microsoft.Graph;

/// <summary>
/// Where a delta query stands: told is everything up to <see cref="Since"/> and, in the round under way, up to
/// <see cref="After"/>; the round ends at <see cref="UpTo"/>. The parameters of the first request go along.
/// </summary>
internal sealed record DeltaState(string Scope, long Since, long After, long UpTo)
{
    public IReadOnlyList<string>? Select { get; init; }

    public DateTimeOffset? ReceivedFrom { get; init; }

    /// <summary>created, updated or deleted; null for all.</summary>
    public string? ChangeType { get; init; }

    /// <summary>Of a calendar view.</summary>
    public (DateTimeOffset Start, DateTimeOffset End) Window { get; init; }

    public bool HasBegun { get; init; }

    /// <summary>Of several entries of the revision <see cref="After"/>, the last one told.</summary>
    public int AfterOrdinal { get; init; } = int.MaxValue;
}

/// <summary>
/// The states behind skip and delta tokens. A token can be used again and again; none outlives
/// <see cref="Expire"/>, which stands for the server's cache having been emptied.
/// </summary>
internal sealed class DeltaTokens(Seeded made)
{
    private readonly Dictionary<string, DeltaState> _states = new(StringComparer.Ordinal);

    public string Issue(DeltaState state)
    {
        string token = made.Token(40);
        _states.Add(token, state);
        return token;
    }

    public DeltaState? Find(string? token) => token is null ? null : _states.GetValueOrDefault(token);

    /// <summary>Without a scope all.</summary>
    public void Expire(string? scope)
    {
        foreach (string token in _states.Where(kept => scope is null || kept.Value.Scope == scope)
            .Select(kept => kept.Key).ToArray())
        {
            _states.Remove(token);
        }
    }
}
