using System.Globalization;

namespace PracticPro.Sandbox.QuickBooks;

/// <summary>
/// Reads SELECT *|COUNT(*)|fields FROM Entity [WHERE c AND c …] [ORDERBY f ASC|DESC, …] [STARTPOSITION n]
/// [MAXRESULTS n]. There is no OR, JOIN, GROUP BY or subquery: what does not fit is an error at its place.
/// Source: Intuit "Query operations and syntax".
/// </summary>
internal sealed class QueryParser
{
    private static readonly string[] Comparisons = ["=", "<", ">", "<=", ">=", "!="];

    private readonly IReadOnlyList<QueryToken> _tokens;
    private int _at;

    private QueryParser(IReadOnlyList<QueryToken> tokens) => _tokens = tokens;

    private QueryToken Current => _tokens[_at];

    public static (BookQuery? Query, QuickBooksError? Error) Parse(string text)
    {
        (IReadOnlyList<QueryToken>? tokens, string? problem) = QueryTokens.Cut(text);
        if (tokens is null)
        {
            return (null, QuickBooksError.Unparsed(problem!));
        }

        var parser = new QueryParser(tokens);
        try
        {
            BookQuery query = parser.Whole();
            return query.Start < 1 || query.Most is < 1 or > BookQuery.LargestMost
                ? (null, QuickBooksError.InvalidQuery("value out of range: STARTPOSITION from 1, MAXRESULTS 1 to 1000"))
                : (query, null);
        }
        catch (FormatException unfit)
        {
            return (null, QuickBooksError.Unparsed(unfit.Message));
        }
    }

    private BookQuery Whole()
    {
        Need("SELECT");
        (bool counts, IReadOnlyList<string>? fields) = Selection();
        Need("FROM");
        var query = new BookQuery(Word()) { Counts = counts, Fields = fields };
        if (Take("WHERE"))
        {
            query = query with { Where = List(Condition, "AND") };
        }

        if (Take("ORDERBY"))
        {
            query = query with { Order = List(Order, ",") };
        }

        if (Take("STARTPOSITION"))
        {
            query = query with { Start = Number() };
        }

        if (Take("MAXRESULTS"))
        {
            query = query with { Most = Number() };
        }

        return Current.Kind == TokenKind.End ? query : throw Unfit();
    }

    private (bool Counts, IReadOnlyList<string>? Fields) Selection()
    {
        if (Take("*"))
        {
            return (false, null);
        }

        if (!Take("COUNT"))
        {
            return (false, List(Word, ","));
        }

        Need("(");
        Need("*");
        Need(")");
        return (true, null);
    }

    private QueryCondition Condition()
    {
        string field = Word();
        if (Take("IN"))
        {
            Need("(");
            IReadOnlyList<string> values = List(Value, ",");
            Need(")");
            return new QueryCondition(field, "IN", values);
        }

        if (Take("LIKE"))
        {
            return new QueryCondition(field, "LIKE", [Value()]);
        }

        string sign = Current.Value;
        return Current.Kind == TokenKind.Sign && Comparisons.Contains(sign) && Take(sign)
            ? new QueryCondition(field, sign, [Value()])
            : throw Unfit();
    }

    private QueryOrder Order()
    {
        string field = Word();
        return Take("DESC") ? new QueryOrder(field, true) : new QueryOrder(field, Take("ASC") && false);
    }

    private List<T> List<T>(Func<T> one, string between)
    {
        var all = new List<T> { one() };
        while (Take(between))
        {
            all.Add(one());
        }

        return all;
    }

    private string Word() => Current.Kind == TokenKind.Word ? Next() : throw Unfit();

    /// <summary>A quoted text, a number, or true and false.</summary>
    private string Value() => Current.Kind is TokenKind.Text or TokenKind.Number
        || Current is { Kind: TokenKind.Word, Value: "true" or "false" or "TRUE" or "FALSE" } ? Next() : throw Unfit();

    private int Number() => int.TryParse(Current.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
        && Current.Kind == TokenKind.Number && Next() is not null ? number : throw Unfit();

    private string Next() => _tokens[_at++].Value;

    private void Need(string what)
    {
        if (!Take(what))
        {
            throw Unfit();
        }
    }

    private bool Take(string what)
    {
        bool fits = Current.Kind is TokenKind.Word or TokenKind.Sign
            && Current.Value.Equals(what, StringComparison.OrdinalIgnoreCase);
        _at += fits ? 1 : 0;
        return fits;
    }

    private FormatException Unfit() =>
        new($"Encountered \" \"{Current.Value}\" \"\" at line 1, column {Current.At}.");
}
