using System.Text.Json;

namespace PracticPro.CosmosDouble.Query;

/// <summary>A scalar expression over one item.</summary>
internal abstract record Expression
{
    public abstract SqlValue Evaluate(JsonElement item);

    /// <summary>Every path the expression reads.</summary>
    public abstract IEnumerable<PathExpression> Paths { get; }
}

internal sealed record ConstantExpression(SqlValue Value) : Expression
{
    public override IEnumerable<PathExpression> Paths => [];

    public override SqlValue Evaluate(JsonElement item) => Value;
}

/// <summary>A property, from the top of the item; no steps are the item itself.</summary>
internal sealed record PathExpression(IReadOnlyList<string> Steps) : Expression
{
    public override IEnumerable<PathExpression> Paths => [this];

    public override SqlValue Evaluate(JsonElement item)
    {
        foreach (var step in Steps)
        {
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty(step, out item))
            {
                return SqlValue.Undefined;
            }
        }

        return SqlValue.Of(item);
    }
}

internal enum Comparison
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

internal sealed record ComparisonExpression(Comparison Operator, Expression Left, Expression Right) : Expression
{
    public override IEnumerable<PathExpression> Paths => [.. Left.Paths, .. Right.Paths];

    public override SqlValue Evaluate(JsonElement item) => Compare(Operator, Left.Evaluate(item), Right.Evaluate(item));

    public static SqlValue Compare(Comparison comparison, SqlValue left, SqlValue right)
    {
        var equal = left.EqualTo(right);
        if (equal.Kind == SqlKind.Undefined || comparison == Comparison.Equal)
        {
            return equal;
        }

        if (comparison == Comparison.NotEqual)
        {
            return SqlValue.Of(equal.IsFalse);
        }

        if (left.Kind != right.Kind || left.Kind is SqlKind.Array or SqlKind.Object)
        {
            return SqlValue.Undefined;
        }

        var order = left.CompareTo(right);
        return SqlValue.Of(comparison switch
        {
            Comparison.Less => order < 0,
            Comparison.LessOrEqual => order <= 0,
            Comparison.Greater => order > 0,
            _ => order >= 0,
        });
    }
}

/// <summary>AND and OR over true, false and undefined.</summary>
internal sealed record LogicalExpression(bool IsAnd, Expression Left, Expression Right) : Expression
{
    public override IEnumerable<PathExpression> Paths => [.. Left.Paths, .. Right.Paths];

    public override SqlValue Evaluate(JsonElement item)
    {
        var left = Left.Evaluate(item);
        if (IsAnd ? left.IsFalse : left.IsTrue)
        {
            return left;
        }

        var right = Right.Evaluate(item);
        if (IsAnd ? right.IsFalse : right.IsTrue)
        {
            return right;
        }

        return left.Kind == SqlKind.Boolean && right.Kind == SqlKind.Boolean ? right : SqlValue.Undefined;
    }
}

internal sealed record NotExpression(Expression Inner) : Expression
{
    public override IEnumerable<PathExpression> Paths => Inner.Paths;

    public override SqlValue Evaluate(JsonElement item)
    {
        var inner = Inner.Evaluate(item);
        return inner.Kind == SqlKind.Boolean ? SqlValue.Of(inner.IsFalse) : SqlValue.Undefined;
    }
}

internal sealed record InExpression(Expression Inner, IReadOnlyList<Expression> Choices) : Expression
{
    public override IEnumerable<PathExpression> Paths => [.. Inner.Paths, .. Choices.SelectMany(choice => choice.Paths)];

    public override SqlValue Evaluate(JsonElement item)
    {
        var inner = Inner.Evaluate(item);
        return inner.Kind == SqlKind.Undefined
            ? inner
            : SqlValue.Of(Choices.Any(choice => inner.EqualTo(choice.Evaluate(item)).IsTrue));
    }
}

/// <summary>BETWEEN: both ends inclusive.</summary>
internal sealed record BetweenExpression(Expression Inner, Expression Low, Expression High) : Expression
{
    public override IEnumerable<PathExpression> Paths => [.. Inner.Paths, .. Low.Paths, .. High.Paths];

    public override SqlValue Evaluate(JsonElement item)
    {
        var inner = Inner.Evaluate(item);
        var low = ComparisonExpression.Compare(Comparison.GreaterOrEqual, inner, Low.Evaluate(item));
        var high = ComparisonExpression.Compare(Comparison.LessOrEqual, inner, High.Evaluate(item));
        return low.IsFalse || high.IsFalse ? SqlValue.Of(false)
            : low.IsTrue && high.IsTrue ? low
            : SqlValue.Undefined;
    }
}

internal sealed record FunctionExpression(SqlFunction Function, IReadOnlyList<Expression> Arguments) : Expression
{
    public override IEnumerable<PathExpression> Paths => Arguments.SelectMany(argument => argument.Paths);

    public override SqlValue Evaluate(JsonElement item) =>
        Function.Call([.. Arguments.Select(argument => argument.Evaluate(item))]);
}
