using System.Globalization;
using PracticPro.Kernel;

namespace PracticPro.Storage.Drivers.Cosmos;

/// <summary>
/// A message: <c>{t:"m", c, q: place, set, n, b, r?, s?}</c>.
/// <list type="bullet">
/// <item><c>q</c> is <c>{queue}/{stage}/{visible at}.{order}</c>: its queue's ranges on one indexed path. Stage <c>a</c>
/// is a message with deliveries left, <c>l</c> one whose last delivery is out; one of those that is visible again is
/// poison, so nothing has to be marked for it.</item>
/// <item><c>set</c> is when the visibility was decided, <c>n</c> how often it was handed out, <c>r</c> the receipt of the
/// latest delivery, <c>c</c> the write that put it.</item>
/// <item><c>s</c>: when its deduplication key was seen. Message and mark of the key are one item.</item>
/// </list>
/// A completed message is <c>{t:"k", c, s?, ttl}</c> until its key is forgotten. One without a key stays so for ten
/// minutes: a batch that is sent again, since its answer was lost, then meets it and is not carried out twice.
/// </summary>
internal sealed record MessageItem(
    string Name,
    QueueName Queue,
    long VisibleAt,
    string Order,
    long SetAt,
    int Deliveries,
    byte[] Body,
    string Creator,
    string? Receipt = null,
    long? SeenAt = null,
    string Version = "")
{
    public const string Kind = "m";
    public const string MarkKind = "k";
    private const string Waiting = "a";
    private const string LastOut = "l";
    private static readonly long Window = (long)IQueue.DeduplicationWindow.TotalMilliseconds;
    private static readonly TimeSpan MarkOfNoKey = TimeSpan.FromMinutes(10);

    public bool IsLastOut => Deliveries >= IQueue.MaximumDeliveries;

    /// <summary>Whether a key that was seen then is still remembered.</summary>
    public static bool IsRemembered(long seenAt, long now) => seenAt > now - Window;

    public static string FirstWaiting(QueueName queue) => $"{queue.Text}/{Waiting}/";

    public static string EndWaiting(QueueName queue) => $"{queue.Text}/{Waiting}0";

    public static string FirstLastOut(QueueName queue) => $"{queue.Text}/{LastOut}/";

    public static string EndLastOut(QueueName queue) => $"{queue.Text}/{LastOut}0";

    /// <summary>Above everything of the stage that is visible now.</summary>
    public static string AfterNow(string first, long now) =>
        string.Create(CultureInfo.InvariantCulture, $"{first}{now + 1:D15}.");

    /// <summary>Whether the place says that the message may be handed out, and nobody has it.</summary>
    public static bool IsNews(StoredItem item) =>
        item.Kind == Kind && item.OptionalText("r") is null && item.Text("q").Contains("/a/", StringComparison.Ordinal);

    public ReadOnlyMemory<byte> Write(TenantId tenant, WriteId write) =>
        ItemText.OfTenant(tenant, Name, Kind, write, json =>
        {
            json.WriteString("c", Creator);
            json.WriteString("q", string.Create(
                CultureInfo.InvariantCulture, $"{Queue.Text}/{(IsLastOut ? LastOut : Waiting)}/{VisibleAt:D15}.{Order}"));
            json.WriteNumber("set", SetAt);
            json.WriteNumber("n", Deliveries);
            json.WriteBase64String("b", Body);
            if (Receipt is not null)
            {
                json.WriteString("r", Receipt);
            }

            if (SeenAt is { } seen)
            {
                json.WriteNumber("s", seen);
            }
        });

    /// <summary>What stays of it when it is completed.</summary>
    public ReadOnlyMemory<byte> Mark(TenantId tenant, WriteId write, long now) =>
        Mark(tenant, Name, Creator, SeenAt, write, now);

    /// <param name="seenAt">
    /// When its key was seen, if it had one. In the future: the clock was set back, and the days count from now.
    /// </param>
    public static ReadOnlyMemory<byte> Mark(
        TenantId tenant, string name, string creator, long? seenAt, WriteId write, long now) =>
        ItemText.OfTenant(tenant, name, MarkKind, write, json =>
        {
            json.WriteString("c", creator);
            var left = TimeSpan.Zero;
            if (seenAt is { } seen)
            {
                var since = Math.Min(seen, now);
                json.WriteNumber("s", since);
                left = TimeSpan.FromMilliseconds(Math.Max(0, since + Window - now));
            }

            json.WriteNumber("ttl", (int)Math.Ceiling((left > MarkOfNoKey ? left : MarkOfNoKey).TotalSeconds));
        });

    public static MessageItem Read(StoredItem item)
    {
        var place = item.Text("q");
        var parts = place.Split('/', 3);
        if (parts.Length != 3 || parts[2].Split('.', 2) is not [var visible, var order]
            || !long.TryParse(visible, NumberStyles.None, CultureInfo.InvariantCulture, out var visibleAt))
        {
            throw new StorageCorruptException("a message has no place on its queue");
        }

        return new MessageItem(
            item.Id,
            new QueueName(parts[0]),
            visibleAt,
            order,
            item.Number("set"),
            checked((int)item.Number("n")),
            item.Bytes("b"),
            item.Text("c"),
            item.OptionalText("r"),
            item.OptionalNumber("s"),
            item.Version);
    }
}
