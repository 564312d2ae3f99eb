namespace PracticPro.Sandbox.QuickBooks;

/// <summary>One condition: a field, how it is compared, and with what. All conditions of a query must hold.</summary>
internal sealed record QueryCondition(string Field, string Operator, IReadOnlyList<string> Values);

internal sealed record QueryOrder(string Field, bool Descending);

/// <summary>A query that could be read. Fields is null for *; Counts is true for COUNT(*).</summary>
internal sealed record BookQuery(string Entity)
{
    public bool Counts { get; init; }

    public IReadOnlyList<string>? Fields { get; init; }

    public IReadOnlyList<QueryCondition> Where { get; init; } = [];

    public IReadOnlyList<QueryOrder> Order { get; init; } = [];

    /// <summary>1 is the first row.</summary>
    public int Start { get; init; } = 1;

    public int Most { get; init; } = DefaultMost;

    public const int DefaultMost = 100;

    public const int LargestMost = 1_000;
}
