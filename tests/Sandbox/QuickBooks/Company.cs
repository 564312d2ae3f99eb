using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.QuickBooks;

/// <summary>
/// The books of one company (realm). Every change is one step under <see cref="Gate"/>: the entity, the balances that
/// follow from it, and the notification of each. Ids of transactions and of names are counted apart; both only grow.
/// </summary>
internal sealed class Company(string realm, string name, TimeSpan offset, TimeProvider clock, Action<BookChange> tell)
{
    private readonly Dictionary<(BookKind Kind, string Id), BookEntity> _entities = [];
    private readonly List<BookGrave> _graves = [];
    private long _lastName;
    private long _lastTransaction;
    private bool _together;

    public Lock Gate { get; } = new();

    public string Realm => realm;

    public string Name => name;

    /// <summary>Of the company's time zone: all its times are written in it.</summary>
    public TimeSpan Offset => offset;

    /// <summary>How much later than everywhere else a change is seen by CDC.</summary>
    public TimeSpan CaptureDelay { get; set; }

    public DateTimeOffset Now => clock.GetUtcNow();

    public IReadOnlyList<BookGrave> Graves => _graves;

    /// <summary>In the order of their ids.</summary>
    public IEnumerable<BookEntity> All(BookKind kind) =>
        _entities.Values.Where(entity => entity.Kind == kind).OrderBy(entity => entity.Number);

    public BookEntity? Find(BookKind kind, string? id) =>
        id is null ? null : _entities.GetValueOrDefault((kind, id));

    public BookEntity Create(BookKind kind, JsonObject fields)
    {
        long number = kind == BookKind.Customer ? ++_lastName : ++_lastTransaction;
        var entity = new BookEntity(kind, number, Now, fields);
        _entities.Add((kind, entity.Id), entity);
        Tell(entity, BookOperation.Create);
        Settle();
        return entity;
    }

    /// <summary>Changes fields by name; null takes one away.</summary>
    public void Edit(BookEntity entity, JsonObject changes)
    {
        foreach ((string field, JsonNode? value) in changes)
        {
            if (value is null)
            {
                entity.Fields.Remove(field);
            }
            else
            {
                entity.Fields[field] = value.DeepClone();
            }
        }

        Touch(entity, BookOperation.Update);
        Settle();
    }

    /// <summary>
    /// The entity stays; every amount becomes 0 and the note begins with "Voided". Source: Intuit developer blog,
    /// "Voiding Invoice Objects".
    /// </summary>
    public void Void(BookEntity entity)
    {
        string note = (string?)entity.Fields["PrivateNote"] ?? "";
        entity.Fields["PrivateNote"] = note.Length == 0 ? "Voided" : $"Voided - {note}";
        entity.Fields["TotalAmt"] = 0m;
        if (entity.Kind == BookKind.Payment)
        {
            entity.Fields["Line"] = new JsonArray();
        }
        else
        {
            foreach (JsonNode? line in entity.Fields["Line"] as JsonArray ?? [])
            {
                line!["Amount"] = 0m;
            }

            Balances.Unlink(this, entity);
        }

        Touch(entity, BookOperation.Void);
        Settle();
    }

    /// <summary>Gone at once. Payments of a deleted invoice become money on account.</summary>
    public void Delete(BookEntity entity)
    {
        Bury(entity);
        Tell(entity, BookOperation.Delete);
        if (entity.Kind == BookKind.Invoice)
        {
            Balances.Unlink(this, entity);
        }

        Settle();
    }

    /// <summary>One customer becomes part of another: its transactions move over, its id is gone.</summary>
    public void Merge(BookEntity away, BookEntity into)
    {
        Bury(away);
        foreach (BookEntity moved in _entities.Values.Where(entity => entity.Reference("CustomerRef") == away.Id).ToArray())
        {
            moved.Fields["CustomerRef"] = new JsonObject
            {
                ["value"] = into.Id,
                ["name"] = (string?)into.Fields["DisplayName"],
            };
            Touch(moved, BookOperation.Update);
        }

        into.Touch(Now);
        tell(new BookChange(realm, into.Kind, into.Id, BookOperation.Merge, Now, away.Id));
        Settle();
    }

    /// <summary>Notes a change of an entity and tells of it.</summary>
    public void Touch(BookEntity entity, BookOperation operation)
    {
        entity.Touch(Now);
        Tell(entity, operation);
    }

    /// <summary>Many changes whose consequences are worked out once, at the end.</summary>
    public void Together(Action changes)
    {
        _together = true;
        try
        {
            changes();
        }
        finally
        {
            _together = false;
        }

        Settle();
    }

    private void Settle()
    {
        if (!_together)
        {
            Balances.Settle(this);
        }
    }

    private void Bury(BookEntity entity)
    {
        _entities.Remove((entity.Kind, entity.Id));
        _graves.Add(new BookGrave(entity.Kind, entity.Id, Now));
    }

    private void Tell(BookEntity entity, BookOperation operation) =>
        tell(new BookChange(realm, entity.Kind, entity.Id, operation, Now));
}
