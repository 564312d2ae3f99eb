using System.Globalization;
using System.Text.Json;

namespace PracticPro.CosmosDouble.Query;

/// <summary>
/// Recursive descent over a small, strict part of the language:
/// <code>
/// SELECT [TOP n] ( * | VALUE expr | expr [[AS] name], … | [VALUE] COUNT(1) [AS name] )
/// FROM name [[AS] alias] [WHERE cond] [ORDER BY path [ASC|DESC], …] [OFFSET n LIMIT n]
/// cond := or of and of [NOT] ( expr (= != &lt;&gt; &lt; &lt;= &gt; &gt;=) expr | expr [NOT] IN (…) | expr [NOT] BETWEEN a AND b | expr )
/// expr := alias.path | alias["path"] | @parameter | constant | FUNCTION(…) | ( cond )
/// </code>
/// Whatever else there is in the language is refused, never guessed.
/// </summary>
internal sealed class SqlParser(string text, IReadOnlyDictionary<string, JsonElement> parameters)
{
    private static readonly string[] ClauseWords = ["WHERE", "ORDER", "OFFSET", "GROUP", "JOIN", "IN", "AS"];

    private readonly List<SqlToken> tokens = SqlToken.Cut(text);
    private string alias = "c";
    private int at;

    private SqlToken Now => tokens[at];

    public SqlQuery Parse()
    {
        alias = FindAlias();
        Expect("SELECT");
        int? take = Word("TOP") ? Whole() : null;
        var (select, fields) = ParseSelect();
        if (Word("FROM"))
        {
            SkipFrom();
        }

        var where = Word("WHERE") ? ParseCondition() : null;
        var order = Word("ORDER") ? ParseOrder() : [];
        var skip = 0;
        if (Word("OFFSET"))
        {
            skip = Whole();
            Expect("LIMIT");
            take = take is null ? Whole() : throw new SqlNotUnderstoodException("TOP together with LIMIT");
        }

        if (Now.Kind != TokenKind.End)
        {
            throw new SqlNotUnderstoodException($"a query with {Now.Text} at this place");
        }

        return new SqlQuery(select, fields, where, order, skip, take);
    }

    private string FindAlias()
    {
        var from = tokens.FindIndex(token => token.IsWord("FROM"));
        if (from < 0 || tokens[from + 1].Kind != TokenKind.Word)
        {
            return alias;
        }

        var next = tokens[from + 2].IsWord("AS") ? tokens[from + 3] : tokens[from + 2];
        return next.Kind == TokenKind.Word && !ClauseWords.Contains(next.Text.ToUpperInvariant()) ? next.Text : tokens[from + 1].Text;
    }

    private void SkipFrom()
    {
        var container = Take(TokenKind.Word).Text;
        if (Word("AS") || (Now.Kind == TokenKind.Word && Now.Text == alias && container != alias))
        {
            Take(TokenKind.Word);
        }
    }

    private (SelectKind Select, List<(string, Expression)> Fields) ParseSelect()
    {
        if (Symbol("*"))
        {
            return (SelectKind.Star, []);
        }

        var isValue = Word("VALUE");
        if (Now.IsWord("COUNT"))
        {
            return (isValue ? SelectKind.ValueCount : SelectKind.FieldCount, [(ParseCount(), new ConstantExpression(SqlValue.Null))]);
        }

        if (isValue)
        {
            return (SelectKind.Value, [("", ParseExpression())]);
        }

        var fields = new List<(string, Expression)>();
        do
        {
            var expression = ParseExpression();
            var name = Word("AS") ? Take(TokenKind.Word).Text
                : expression is PathExpression { Steps: [.., var last] } ? last
                : expression is PathExpression ? alias
                : throw new SqlNotUnderstoodException("a computed field without a name");
            fields.Add((name, expression));
        }
        while (Symbol(","));
        return (SelectKind.Fields, fields);
    }

    private string ParseCount()
    {
        at++;
        Expect("(", isSymbol: true);
        if (Take(TokenKind.Number).Text != "1")
        {
            throw new SqlNotUnderstoodException("COUNT of anything but 1");
        }

        Expect(")", isSymbol: true);
        return Word("AS") ? Take(TokenKind.Word).Text : "$1";
    }

    private List<(PathExpression, bool)> ParseOrder()
    {
        Expect("BY");
        var order = new List<(PathExpression, bool)>();
        do
        {
            var path = ParsePrimary() as PathExpression ?? throw new SqlNotUnderstoodException("ORDER BY anything but a path");
            var descending = Word("DESC");
            order.Add((path, descending));
            if (!descending)
            {
                Word("ASC");
            }
        }
        while (Symbol(","));
        return order;
    }

    private Expression ParseCondition()
    {
        var left = ParseAnd();
        while (Word("OR"))
        {
            left = new LogicalExpression(false, left, ParseAnd());
        }

        return left;
    }

    private Expression ParseAnd()
    {
        var left = ParseNot();
        while (Word("AND"))
        {
            left = new LogicalExpression(true, left, ParseNot());
        }

        return left;
    }

    private Expression ParseNot() => Word("NOT") ? new NotExpression(ParseNot()) : ParseExpression();

    private Expression ParseExpression()
    {
        var left = ParsePrimary();
        if (Now.Kind == TokenKind.Symbol && Operator(Now.Text) is { } comparison)
        {
            at++;
            return new ComparisonExpression(comparison, left, ParsePrimary());
        }

        var isNot = Now.IsWord("NOT") && (tokens[at + 1].IsWord("IN") || tokens[at + 1].IsWord("BETWEEN")) && Word("NOT");
        var found = Word("IN") ? new InExpression(left, ParseList())
            : Word("BETWEEN") ? ParseBetween(left)
            : left;
        return isNot ? new NotExpression(found) : found;
    }

    private BetweenExpression ParseBetween(Expression inner)
    {
        var low = ParsePrimary();
        Expect("AND");
        return new BetweenExpression(inner, low, ParsePrimary());
    }

    private List<Expression> ParseList()
    {
        Expect("(", isSymbol: true);
        var list = new List<Expression>();
        do
        {
            list.Add(ParsePrimary());
        }
        while (Symbol(","));
        Expect(")", isSymbol: true);
        return list;
    }

    private Expression ParsePrimary()
    {
        var token = Now;
        at++;
        switch (token.Kind)
        {
            case TokenKind.Number:
                return new ConstantExpression(SqlValue.Of(double.Parse(token.Text, CultureInfo.InvariantCulture)));
            case TokenKind.Text:
                return new ConstantExpression(SqlValue.Of(token.Text));
            case TokenKind.Parameter:
                return new ConstantExpression(parameters.TryGetValue(token.Text, out var value)
                    ? SqlValue.Of(value)
                    : throw new SqlNotUnderstoodException($"the parameter {token.Text}"));
            case TokenKind.Symbol when token.Text == "-":
                return new ConstantExpression(SqlValue.Of(-double.Parse(Take(TokenKind.Number).Text, CultureInfo.InvariantCulture)));
            case TokenKind.Symbol when token.Text == "(":
                var inner = ParseCondition();
                Expect(")", isSymbol: true);
                return inner;
            case TokenKind.Word when token.Text == alias:
                return ParsePath();
            case TokenKind.Word:
                return ParseWord(token.Text);
            default:
                throw new SqlNotUnderstoodException(token.Kind == TokenKind.End ? "an unfinished query" : $"{token.Text} at this place");
        }
    }

    private Expression ParseWord(string word)
    {
        if (Symbol("("))
        {
            at--;
            var function = SqlFunction.Find(word) ?? throw new SqlNotUnderstoodException($"the function {word}");
            var arguments = ParseList();
            return arguments.Count >= function.Fewest && arguments.Count <= function.Most
                ? new FunctionExpression(function, arguments)
                : throw new SqlNotUnderstoodException($"{word} with so many arguments");
        }

        return new ConstantExpression(word.ToUpperInvariant() switch
        {
            "TRUE" => SqlValue.Of(true),
            "FALSE" => SqlValue.Of(false),
            "NULL" => SqlValue.Null,
            "UNDEFINED" => SqlValue.Undefined,
            _ => throw new SqlNotUnderstoodException($"the name {word}"),
        });
    }

    private PathExpression ParsePath()
    {
        var steps = new List<string>();
        while (true)
        {
            if (Symbol("."))
            {
                steps.Add(Take(TokenKind.Word).Text);
            }
            else if (Symbol("["))
            {
                steps.Add(Take(TokenKind.Text).Text);
                Expect("]", isSymbol: true);
            }
            else
            {
                return new PathExpression(steps);
            }
        }
    }

    private static Comparison? Operator(string symbol) => symbol switch
    {
        "=" => Comparison.Equal,
        "!=" or "<>" => Comparison.NotEqual,
        "<" => Comparison.Less,
        "<=" => Comparison.LessOrEqual,
        ">" => Comparison.Greater,
        ">=" => Comparison.GreaterOrEqual,
        _ => null,
    };

    private int Whole()
    {
        var value = ParsePrimary() is ConstantExpression { Value.Kind: SqlKind.Number } constant ? constant.Value.Number : -1;
        return value is >= 0 and <= int.MaxValue && value == Math.Floor(value)
            ? (int)value
            : throw new SqlNotUnderstoodException("TOP, OFFSET or LIMIT of anything but a whole number");
    }

    private SqlToken Take(TokenKind kind)
    {
        var token = Now;
        at++;
        return token.Kind == kind ? token : throw new SqlNotUnderstoodException($"a query with {token.Text} at this place");
    }

    private bool Word(string word)
    {
        var found = Now.IsWord(word);
        at += found ? 1 : 0;
        return found;
    }

    private bool Symbol(string symbol)
    {
        var found = Now.IsSymbol(symbol);
        at += found ? 1 : 0;
        return found;
    }

    private void Expect(string expected, bool isSymbol = false)
    {
        if (!(isSymbol ? Symbol(expected) : Word(expected)))
        {
            throw new SqlNotUnderstoodException($"a query without {expected} before {Now.Text}");
        }
    }
}
