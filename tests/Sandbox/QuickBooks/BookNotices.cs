using System.Globalization;
using System.Text.Json.Nodes;
using PracticPro.Sandbox.Webhooks;

namespace PracticPro.Sandbox.QuickBooks;

/// <summary>How notifications are written.</summary>
internal enum NoticeFormat
{
    /// <summary>An array of CloudEvents, several companies mixed.</summary>
    CloudEvents,

    /// <summary>One object with eventNotifications, one for each company. Events have no id.</summary>
    EventNotifications,
}

/// <summary>
/// Tells one endpoint of every change of every company. While held, changes pile up; let go, they come one a
/// notification or all in one, in the order wished.
/// </summary>
internal sealed class BookNotices : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<BookChange> _held = [];
    private readonly Seeded _made;
    private int _composed;

    public BookNotices(long seed, TimeProvider clock)
    {
        _made = new Seeded(seed, "quickbooks-notices");
        Courier = new WebhookCourier(seed, "quickbooks-courier", clock, Scheme);
    }

    public IntuitScheme Scheme { get; } = new();

    public WebhookCourier Courier { get; }

    public NoticeFormat Format { get; set; }

    public bool Holds { get; set; }

    /// <summary>Called under the company's lock after each change.</summary>
    public void Tell(BookChange change)
    {
        lock (_gate)
        {
            if (Courier.Settings is null)
            {
                return;
            }

            if (Holds)
            {
                _held.Add(change);
            }
            else
            {
                Courier.Publish(Compose([change]));
            }
        }
    }

    /// <summary>Lets held changes go: all in one notification, or one each; "fifo", "reversed" or "shuffled".</summary>
    public void Release(bool together, string? order)
    {
        lock (_gate)
        {
            Holds = false;
            BookChange[] ordered = order switch
            {
                "reversed" => [.. Enumerable.Reverse(_held)],
                "shuffled" => [.. _held.Select(held => (held, _made.Next())).OrderBy(pair => pair.Item2).Select(pair => pair.held)],
                _ => [.. _held],
            };
            _held.Clear();
            foreach (BookChange[] group in together && ordered.Length > 0 ? [ordered] : ordered.Select(change => new[] { change }))
            {
                Courier.Publish(Compose(group));
            }
        }
    }

    /// <summary>Forgets what is held: nobody will ever hear of it.</summary>
    public void LoseHeld()
    {
        lock (_gate)
        {
            Holds = false;
            _held.Clear();
        }
    }

    /// <summary>A notification of these changes that is not yet on its way.</summary>
    public WebhookDelivery Compose(IReadOnlyList<BookChange> changes)
    {
        lock (_gate)
        {
            JsonNode body = Format == NoticeFormat.CloudEvents
                ? new JsonArray([.. changes.Select(CloudEvent)])
                : new JsonObject { ["eventNotifications"] = new JsonArray([.. changes.GroupBy(change => change.Realm).Select(Notification)]) };
            return new WebhookDelivery(string.Create(CultureInfo.InvariantCulture, $"qbo-{++_composed}"), Answers.Bytes(body));
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _held.Clear();
            Courier.Clear();
        }
    }

    public ValueTask DisposeAsync() => Courier.DisposeAsync();

    private JsonNode CloudEvent(BookChange change)
    {
        string operation = change.Operation switch
        {
            BookOperation.Create => "created",
            BookOperation.Update => "updated",
            BookOperation.Delete => "deleted",
            BookOperation.Merge => "merged",
            BookOperation.Void => "voided",
            _ => "emailed",
        };
        return new JsonObject
        {
            ["specversion"] = "1.0",
            ["id"] = Uuid(),
            ["source"] = "intuit.c2FuZGJveC1hcHA=",
            ["type"] = $"qbo.{change.Kind.ToString().ToLowerInvariant()}.{operation}.v1",
            ["datacontenttype"] = "application/json",
            // Nine digits, as Intuit writes them; a .NET time has seven.
            ["time"] = change.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z'", CultureInfo.InvariantCulture),
            ["intuitentityid"] = change.Id,
            ["intuitaccountid"] = change.Realm,
            ["data"] = change.MergedAway is null ? new JsonObject() : new JsonObject
            {
                ["alternative_ids"] = new JsonArray(new JsonObject { ["id"] = change.MergedAway, ["namespace"] = "deletedId" }),
            },
        };
    }

    private static JsonNode Notification(IGrouping<string, BookChange> company) => new JsonObject
    {
        ["realmId"] = company.Key,
        ["dataChangeEvent"] = new JsonObject
        {
            ["entities"] = new JsonArray([.. company.Select(Entity)]),
        },
    };

    private static JsonNode Entity(BookChange change)
    {
        var entity = new JsonObject
        {
            ["name"] = change.Kind.ToString(),
            ["id"] = change.Id,
            ["operation"] = change.Operation.ToString(),
            ["lastUpdated"] = change.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        };
        if (change.MergedAway is string gone)
        {
            entity["deletedId"] = gone;
        }

        return entity;
    }

    private string Uuid()
    {
        byte[] bytes = new byte[16];
        BitConverter.TryWriteBytes(bytes.AsSpan(0, 8), _made.Next());
        BitConverter.TryWriteBytes(bytes.AsSpan(8, 8), _made.Next());
        return new Guid(bytes).ToString("D", CultureInfo.InvariantCulture);
    }
}
