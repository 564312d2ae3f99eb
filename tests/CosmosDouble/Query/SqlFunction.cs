namespace PracticPro.CosmosDouble.Query;

/// <summary>A built-in function: this table is all the double knows. Source: Microsoft Learn, "System functions" of the NoSQL query language.</summary>
internal sealed record SqlFunction(string Name, int Fewest, int Most, Func<SqlValue[], SqlValue> Call)
{
    public static readonly IReadOnlyList<SqlFunction> All =
    [
        new("ARRAY_CONTAINS", 2, 2, arguments => arguments[0].Kind == SqlKind.Array
            ? SqlValue.Of(arguments[0].Element.EnumerateArray().Any(element => SqlValue.Of(element).IsSame(arguments[1])))
            : SqlValue.Undefined),
        new("CONTAINS", 2, 3, arguments => OfTexts(arguments, (text, part, comparison) => text.Contains(part, comparison))),
        new("ENDSWITH", 2, 3, arguments => OfTexts(arguments, (text, part, comparison) => text.EndsWith(part, comparison))),
        new("IS_ARRAY", 1, 1, arguments => SqlValue.Of(arguments[0].Kind == SqlKind.Array)),
        new("IS_DEFINED", 1, 1, arguments => SqlValue.Of(arguments[0].Kind != SqlKind.Undefined)),
        new("IS_NULL", 1, 1, arguments => SqlValue.Of(arguments[0].Kind == SqlKind.Null)),
        new("IS_NUMBER", 1, 1, arguments => SqlValue.Of(arguments[0].Kind == SqlKind.Number)),
        new("IS_STRING", 1, 1, arguments => SqlValue.Of(arguments[0].Kind == SqlKind.Text)),
        new("STARTSWITH", 2, 3, arguments => OfTexts(arguments, (text, part, comparison) => text.StartsWith(part, comparison))),
    ];

    public static SqlFunction? Find(string name) =>
        All.FirstOrDefault(function => function.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The third argument, where there is one, says whether case is ignored.</summary>
    private static SqlValue OfTexts(SqlValue[] arguments, Func<string, string, StringComparison, bool> holds) =>
        arguments[0].Text is { } text && arguments[1].Text is { } part
            ? SqlValue.Of(holds(text, part, arguments is [_, _, { IsTrue: true }] ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal))
            : SqlValue.Undefined;
}
