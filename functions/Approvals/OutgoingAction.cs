using System.Globalization;
using System.Text.Json.Serialization;
using PracticPro.Approvals.Published;
using PracticPro.Audit.Verify;
using PracticPro.Kernel;
using PracticPro.Sync.Published;

namespace PracticPro.Approvals;

/// <summary>
/// What a person approves. A closed set: whatever may leave is one of these, or cannot leave. Equal values give equal
/// bytes, so that what is shown is what is hashed is what is sent.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(OutgoingMail), "mail")]
[JsonDerivedType(typeof(OutgoingEvent), "event")]
[JsonDerivedType(typeof(OutgoingTask), "task")]
internal abstract record OutgoingAction
{
    private protected OutgoingAction()
    {
    }

    /// <summary>What it is called in a list.</summary>
    [JsonIgnore]
    public abstract string Title { get; }

    /// <summary>Everybody it reaches.</summary>
    [JsonIgnore]
    public abstract IEnumerable<MailParty> Recipients { get; }

    /// <summary>What is shown and stands in one line each, the title apart.</summary>
    [JsonIgnore]
    public abstract IEnumerable<string> Lines { get; }

    /// <summary>What is shown and may have many lines.</summary>
    [JsonIgnore]
    public abstract string Body { get; }

    /// <summary>Whether it would say to somebody what the other said to them.</summary>
    public abstract bool Repeats(OutgoingAction other);

    /// <summary>Members of the canonical action, those that every kind has apart.</summary>
    /// <param name="sha256">Of the outgoing bytes, in lower-case hexadecimal digits.</param>
    internal abstract IEnumerable<Named<Canonical>> ForDigest(string sha256);

    private protected static Canonical List(IEnumerable<Canonical> items) => new Canonical.List([.. items]);

    private protected static Canonical Members(params Named<Canonical>[] members) => new Canonical.Members(members);

    private protected static Named<Canonical> Member(string name, string text) => new(name, Canonical.Of(text));
}

/// <summary>An event that is made, changed or cancelled in a connected calendar.</summary>
/// <param name="Account">Whose calendar it is.</param>
/// <param name="Before">How it stood at the provider when it was shown; null for one that is to be made.</param>
/// <param name="IsSeries">It stands for all its repetitions.</param>
/// <param name="IsOurs">The account organises it.</param>
internal sealed record OutgoingEvent(
    EmailAddress Account, EventOrder Order, EventContent? Before = null, bool IsSeries = false, bool IsOurs = true)
    : OutgoingAction
{
    /// <summary>How it is to stand; null when it is to go.</summary>
    [JsonIgnore]
    public EventContent? After => Order switch
    {
        EventOrder.Create create => create.Event,
        EventOrder.Change change => change.Event,
        _ => null,
    };

    /// <summary>What stands there already; null for one that is to be made.</summary>
    [JsonIgnore]
    public EventPlace? Place => Order switch
    {
        EventOrder.Change change => change.Place,
        EventOrder.Cancel cancel => cancel.Place,
        _ => null,
    };

    /// <summary>The version that was shown; empty for one that is to be made.</summary>
    [JsonIgnore]
    public string ETag => Order switch
    {
        EventOrder.Change change => change.ETag,
        EventOrder.Cancel cancel => cancel.ETag,
        _ => "",
    };

    /// <summary>As it is to stand, or stands before it goes.</summary>
    [JsonIgnore]
    public EventContent Shown => After ?? Before!;

    [JsonIgnore]
    public override string Title => Shown.Title;

    /// <summary>All guests: those who are to come, and those who came before; each finds it, or misses it, in a calendar.</summary>
    [JsonIgnore]
    public override IEnumerable<MailParty> Recipients
    {
        get
        {
            var after = After?.Guests ?? [];
            var left = (Before?.Guests ?? []).Where(guest => after.All(other => other.Address != guest.Address));
            return after.Concat(left).Select(static guest => new MailParty(guest.Address, guest.Name));
        }
    }

    [JsonIgnore]
    public override IEnumerable<string> Lines => [Shown.Location, .. Recipients.Select(static guest => guest.Name)];

    [JsonIgnore]
    public override string Body => Shown.Description;

    /// <summary>The same order for what stands at the provider now.</summary>
    public OutgoingEvent Anew(EventSnapshot now) => this with
    {
        Order = Order switch
        {
            EventOrder.Change change => change with { ETag = now.ETag },
            EventOrder.Cancel cancel => cancel with { ETag = now.ETag },
            var create => create,
        },
        Before = now.Event,
        IsSeries = now.IsSeries,
        IsOurs = now.IsOurs,
    };

    public override bool Repeats(OutgoingAction other) =>
        other is OutgoingEvent { Order: EventOrder.Create } made && Order is EventOrder.Create && Shown.Says(made.Shown);

    internal override IEnumerable<Named<Canonical>> ForDigest(string sha256)
    {
        yield return Member("guestsTold", Order.TellGuests ? "yes" : "no");
        yield return Member("requestSha256", sha256);
        switch (Order)
        {
            case EventOrder.Create create:
                yield return Member("kind", "create-event");
                yield return Member("calendar", create.Calendar);
                yield return Member("mark", create.Mark.Hex);
                break;
            case var order:
                yield return Member("kind", order is EventOrder.Change ? "change-event" : "cancel-event");
                yield return Member("calendar", Place!.Calendar);
                yield return Member("etag", ETag);
                yield return Member("id", Place.EventId);
                break;
        }

        if (After is { } after)
        {
            yield return new("event", Of(after));
        }

        if (Before is { } before)
        {
            yield return new("before", Of(before));
        }
    }

    private static Canonical Of(EventContent content) => Members(
        Member("title", content.Title),
        Member("description", content.Description),
        Member("location", content.Location),
        new("guests", List(content.Guests.Select(static guest => Canonical.Of(guest.Address.Normalised)))),
        new("when", content.When switch
        {
            EventSpan.Timed timed => Members(
                Member("start", timed.Start.ToString("s", CultureInfo.InvariantCulture)),
                Member("end", timed.End.ToString("s", CultureInfo.InvariantCulture)),
                Member("zone", timed.Zone)),
            EventSpan.AllDay days => Members(
                Member("first", days.First.ToString("O", CultureInfo.InvariantCulture)),
                Member("last", days.Last.ToString("O", CultureInfo.InvariantCulture))),
            _ => throw new InvalidOperationException("A span of no known kind."),
        }));
}

/// <summary>A task for a list: that of a connected account, or the practice's own.</summary>
/// <param name="Account">Whose list it is; null for the practice's own.</param>
internal sealed record OutgoingTask(EmailAddress? Account, TaskOrder Order) : OutgoingAction
{
    [JsonIgnore]
    public override string Title => Order.Task.Title;

    [JsonIgnore]
    public override IEnumerable<MailParty> Recipients => [];

    [JsonIgnore]
    public override IEnumerable<string> Lines => [];

    [JsonIgnore]
    public override string Body => Order.Task.Notes;

    public override bool Repeats(OutgoingAction other) =>
        other is OutgoingTask task && task.Account == Account && task.Order.Task == Order.Task;

    internal override IEnumerable<Named<Canonical>> ForDigest(string sha256) =>
    [
        Member("kind", "add-task"),
        Member("mark", Order.Mark.Hex),
        Member("requestSha256", sha256),
        new("task", Of(Order.Task)),
    ];

    /// <summary>The task in canonical JSON: what goes onto the practice's own list.</summary>
    public static Canonical Of(TaskContent task)
    {
        List<Named<Canonical>> members = [Member("title", task.Title), Member("notes", task.Notes)];
        if (task.Due is { } due)
        {
            members.Add(Member("due", due.ToString("O", CultureInfo.InvariantCulture)));
        }

        return new Canonical.Members(members);
    }
}
