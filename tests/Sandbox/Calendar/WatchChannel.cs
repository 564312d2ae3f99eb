using System.Globalization;
using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.Calendar;

/// <summary>
/// One order for notifications of one calendar's events. It is never renewed; it ends by itself, by channels.stop, or,
/// as in bad weeks, without a word.
/// </summary>
internal sealed class WatchChannel(
    string key, EventCalendar calendar, Uri address, string? token, DateTimeOffset expiresAt)
{
    public static readonly TimeSpan DefaultLife = TimeSpan.FromSeconds(604_800);

    public string Key => key;

    public EventCalendar Calendar => calendar;

    public Uri Address => address;

    /// <summary>Given by whoever ordered, and brought along with every notification.</summary>
    public string? Token => token;

    public DateTimeOffset ExpiresAt => expiresAt;

    public string ResourceUri =>
        $"https://www.googleapis.com/calendar/v3/calendars/{Uri.EscapeDataString(calendar.Id)}/events?alt=json";

    /// <summary>Stopped, or dead without a word.</summary>
    public bool HasEnded { get; set; }

    /// <summary>The number of its last notification.</summary>
    public long Number { get; set; }

    public DateTimeOffset NotifiedAt { get; set; }

    public bool IsCoalescing { get; set; }

    public bool Lives(DateTimeOffset now) => !HasEnded && expiresAt > now;

    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["kind"] = "api#channel",
            ["id"] = key,
            ["resourceId"] = calendar.ResourceId,
            ["resourceUri"] = ResourceUri,
            ["expiration"] = expiresAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
        };
        if (token is not null)
        {
            json["token"] = token;
        }

        return json;
    }
}

internal enum NoticeState
{
    Pending,
    Delivered,
    Refused,

    /// <summary>Lost on the way, as told.</summary>
    Dropped,
}

/// <summary>One notification: a POST without a body; all it says stands in its headers.</summary>
internal sealed class ChannelNotice(WatchChannel channel, long number, string resourceState)
{
    private readonly List<int> _statuses = [];
    private readonly TaskCompletionSource _attempted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done when it was carried once, whatever the answer.</summary>
    public Task Attempted => _attempted.Task;

    public WatchChannel Channel => channel;

    public long Number => number;

    /// <summary>sync, exists or not_exists.</summary>
    public string ResourceState => resourceState;

    public NoticeState State { get; set; }

    /// <summary>The answers so far; 0 for none.</summary>
    public IReadOnlyList<int> Statuses
    {
        get
        {
            lock (_statuses)
            {
                return [.. _statuses];
            }
        }
    }

    public void Note(int status, bool last)
    {
        lock (_statuses)
        {
            _statuses.Add(status);
        }

        State = status switch
        {
            102 or 200 or 201 or 202 or 204 => NoticeState.Delivered,
            0 or 500 or 502 or 503 or 504 when !last => NoticeState.Pending,
            _ => NoticeState.Refused,
        };
        _attempted.TrySetResult();
    }

    public HttpRequestMessage ToRequest()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, channel.Address);
        request.Content = new ByteArrayContent([]);
        request.Headers.Add("X-Goog-Channel-ID", channel.Key);
        string expires = channel.ExpiresAt.UtcDateTime.ToString("R", CultureInfo.InvariantCulture);
        request.Headers.Add("X-Goog-Channel-Expiration", expires);
        request.Headers.Add("X-Goog-Message-Number", number.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("X-Goog-Resource-ID", channel.Calendar.ResourceId);
        request.Headers.Add("X-Goog-Resource-State", resourceState);
        request.Headers.Add("X-Goog-Resource-URI", channel.ResourceUri);
        if (channel.Token is not null)
        {
            request.Headers.Add("X-Goog-Channel-Token", channel.Token);
        }

        request.Headers.TryAddWithoutValidation(
            "User-Agent", "APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)");
        return request;
    }
}
