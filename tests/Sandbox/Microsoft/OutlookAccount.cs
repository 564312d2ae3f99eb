using PracticPro.Sandbox.Microsoft.Calendar;
using PracticPro.Sandbox.Microsoft.Graph;
using PracticPro.Sandbox.Microsoft.Mail;
using PracticPro.Sandbox.Microsoft.ToDo;

namespace PracticPro.Sandbox.Microsoft;

/// <summary>The two ids of one item: the one that changes when it moves, and the one that does not. Case matters.</summary>
internal readonly record struct ItemKey(string Rest, string Immutable);

/// <summary>One change that subscriptions may hear of. Folder is null for events.</summary>
internal sealed record ItemChange(string Kind, string ChangeType, ItemKey Key, string ETag, string? Folder);

/// <summary>
/// One account: mail, calendar, tasks. Nothing here locks by itself: callers hold <see cref="Gate"/> around a whole
/// request, so that a request sees and leaves an account that is whole.
/// </summary>
internal sealed class OutlookAccount
{
    private readonly Seeded _ids;
    private long _revision;

    public OutlookAccount(string address, long seed, TimeProvider clock, MicrosoftSettings settings)
    {
        Address = address;
        Clock = clock;
        Settings = settings;
        Made = new Seeded(seed, "outlook " + address.ToLowerInvariant());
        _ids = Made.For("ids");
        Deltas = new DeltaTokens(Made.For("deltas"));
        Mail = new OutlookMailbox(this);
        Calendar = new OutlookCalendar(this);
        Tasks = new TodoBox(this);
    }

    public Lock Gate { get; } = new();

    public string Address { get; }

    public string ObjectKey => Names.ObjectOf(Address);

    public TimeProvider Clock { get; }

    public MicrosoftSettings Settings { get; }

    public Seeded Made { get; }

    public DeltaTokens Deltas { get; }

    public OutlookMailbox Mail { get; }

    public OutlookCalendar Calendar { get; }

    public TodoBox Tasks { get; }

    /// <summary>Told each change, inside the lock.</summary>
    public Action<OutlookAccount, ItemChange> Changed { get; init; } = (_, _) => { };

    /// <summary>Counts every change in the account.</summary>
    public long Revision => _revision;

    public long NextRevision() => ++_revision;

    public ItemKey NewKey() => new(NewRestKey(), "AAkALgAAAAAAHYQDEapm" + _ids.Token(33) + "=");

    public string NewRestKey() => "AAMkAGI1" + _ids.Token(45) + "=";

    public static string ETagOf(string changeKey) => $"W/\"{changeKey}\"";

    public static string ChangeKeyOf(long revision) =>
        "CQAAABYAAAA" + Convert.ToBase64String(BitConverter.GetBytes(revision * 2_654_435_761));
}
