using System.Text.Json;
using PracticPro.CosmosDouble.Charges;
using PracticPro.CosmosDouble.Feeds;
using PracticPro.CosmosDouble.Items;
using PracticPro.CosmosDouble.State;
using PracticPro.CosmosDouble.Wire;

namespace PracticPro.CosmosDouble.Query;

/// <summary>One page of one query over one scope.</summary>
internal sealed class QueryRun(QueryRequest request, FeedScope scope, ContainerSnapshot snapshot, long now)
{
    private readonly SqlQuery query = request.Query;
    private readonly List<Expression> byIndex =
        [.. request.Query.Conjuncts().Where(one => one.Paths.All(path => snapshot.Definition.Indexing.Includes(path.Steps)))];

    private readonly List<Expression> byLooking =
        [.. request.Query.Conjuncts().Where(one => !one.Paths.All(path => snapshot.Definition.Indexing.Includes(path.Steps)))];

    private long returnedBytes;
    private long loadedBytes;

    public CosmosAnswer Answer(CosmosRequest wire, ContainerState container)
    {
        if (query.OrderProblem(snapshot.Definition.Indexing) is { } problem)
        {
            return CosmosAnswer.Of(problem);
        }

        QueryPosition? from = null;
        if (wire.Header(CosmosHeaders.Continuation) is { Length: > 0 } token)
        {
            from = QueryPosition.Parse(token);
            if (from?.Query != request.Digest)
            {
                return CosmosAnswer.Of(Refusal.BadRequest("The continuation is not one of this query."));
            }
        }

        using var page = new FeedPage(container.Rid, wire.Number(CosmosHeaders.MaxItemCount));
        var next = query.IsCount ? Count(page) : Fill(page, from);
        return page.Finish() with { Continuation = next?.ToString(), Charge = RequestUnits.Query(returnedBytes, loadedBytes) * container.ReadFactor };
    }

    private QueryPosition? Count(FeedPage page)
    {
        var count = SqlValue.Of((double)Matching(null, null).Skip(query.Skip).Take(query.Take ?? int.MaxValue).Count());
        page.Add(writer =>
        {
            if (query.Select == SelectKind.ValueCount)
            {
                count.WriteTo(writer);
                return;
            }

            writer.WriteStartObject();
            writer.WritePropertyName(query.Fields[0].Name);
            count.WriteTo(writer);
            writer.WriteEndObject();
        });
        return null;
    }

    private QueryPosition? Fill(FeedPage page, QueryPosition? from)
    {
        var skip = from?.Skip ?? query.Skip;
        var taken = from?.Taken ?? 0;
        var last = from;
        // One more than fits says that there is another page. A row without a value is no row, and takes no place.
        int? most = query.Select == SelectKind.Value ? null : skip + page.Most + 1;
        foreach (var row in Matching(from, most))
        {
            if (taken >= (query.Take ?? int.MaxValue))
            {
                return null;
            }

            if (skip > 0)
            {
                skip--;
            }
            else if (page.IsFull(row.Item.Body.Length))
            {
                return last;
            }
            else if (Add(page, row.Item))
            {
                taken++;
            }

            last = new QueryPosition(request.Digest, row.Item.Number, QueryPosition.Wrap(row.Order), skip, taken);
        }

        return null;
    }

    /// <summary>Rows behind a position, in order. They are looked at one by one, as they are asked for.</summary>
    /// <param name="most">As many as are wanted at most, so that not all have to be put in order; null for all.</param>
    private IEnumerable<Row> Matching(QueryPosition? from, int? most)
    {
        IEnumerable<Row> rows = scope.Items(snapshot, now)
            .Where(item => byIndex.TrueForAll(conjunct => conjunct.Evaluate(item.Root).IsTrue))
            .Select(item => new Row(item, [.. query.OrderBy.Select(order => order.Path.Evaluate(item.Root))]));
        if (from is not null)
        {
            var start = new Row(null!, from.Values);
            rows = rows.Where(row => Compare(row, start, from.Number) > 0);
        }

        if (query.OrderBy.Count > 0)
        {
            rows = rows.Order(Comparer<Row>.Create(Compare));
        }

        foreach (var row in byLooking.Count == 0 && most is { } wanted ? rows.Take(wanted) : rows)
        {
            if (byLooking.Count > 0)
            {
                loadedBytes += row.Item.Body.Length;
                if (!byLooking.TrueForAll(conjunct => conjunct.Evaluate(row.Item.Root).IsTrue))
                {
                    continue;
                }
            }

            yield return row;
        }
    }

    private int Compare(Row one, Row other) => Compare(one, other, other.Item.Number);

    private int Compare(Row one, Row other, long otherNumber)
    {
        for (var at = 0; at < query.OrderBy.Count; at++)
        {
            var order = one.Order[at].CompareTo(other.Order[at]);
            if (order != 0)
            {
                return query.OrderBy[at].Descending ? -order : order;
            }
        }

        // Ties go by creation, backwards where the index is read backwards.
        var tie = one.Item.Number.CompareTo(otherNumber);
        return query.OrderBy is [{ Descending: true }, ..] ? -tie : tie;
    }

    private bool Add(FeedPage page, StoredItem item)
    {
        returnedBytes += item.Body.Length;
        switch (query.Select)
        {
            case SelectKind.Star:
                page.Add(item.Body);
                return true;
            case SelectKind.Value:
                var value = query.Fields[0].Expression.Evaluate(item.Root);
                if (value.Kind == SqlKind.Undefined)
                {
                    return false;
                }

                page.Add(value.WriteTo);
                return true;
            default:
                page.Add(writer => WriteFields(writer, item.Root));
                return true;
        }
    }

    private void WriteFields(Utf8JsonWriter writer, JsonElement item)
    {
        writer.WriteStartObject();
        foreach (var (name, expression) in query.Fields)
        {
            var value = expression.Evaluate(item);
            if (value.Kind != SqlKind.Undefined)
            {
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }
        }

        writer.WriteEndObject();
    }

    /// <param name="Order">Values of the order's paths.</param>
    private sealed record Row(StoredItem Item, IReadOnlyList<SqlValue> Order);
}
