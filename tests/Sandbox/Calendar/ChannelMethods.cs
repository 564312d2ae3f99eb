using System.Globalization;
using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.Calendar;

/// <summary>events.watch and channels.stop.</summary>
internal static class ChannelMethods
{
    private const int LongestId = 64;
    private const int LongestToken = 256;

    public static CalendarAnswer Watch(CalendarCall call)
    {
        JsonObject body = call.Body;
        if ((string?)body["type"] is not ("web_hook" or "webhook"))
        {
            return CalendarError.Invalid("Unknown channel type.");
        }

        if ((string?)body["id"] is not { Length: > 0 and <= LongestId } key)
        {
            return CalendarError.Required("Required");
        }

        if ((string?)body["token"] is { Length: > LongestToken })
        {
            return CalendarError.Invalid("Channel token too long.");
        }

        if (!Uri.TryCreate((string?)body["address"], UriKind.Absolute, out Uri? address) || !IsTaken(call, address))
        {
            return CalendarError.NotHttps();
        }

        if (Life(call) is not TimeSpan life)
        {
            return CalendarError.Invalid("Invalid expiration.");
        }

        var channel = new WatchChannel(
            key, call.Calendar, address, (string?)body["token"], call.Calendar.Clock.GetUtcNow() + life);
        return call.Channels.Open(channel) ? channel.ToJson() : CalendarError.ChannelIdNotUnique(key);
    }

    /// <summary>Only whose grant opened it may stop it, and only by both of its ids.</summary>
    public static CalendarAnswer Stop(CalendarCall call)
    {
        string key = (string?)call.Body["id"] ?? "";
        if (call.Channels.Find(key) is not WatchChannel channel
            || !channel.Lives(call.Calendar.Clock.GetUtcNow())
            || channel.Calendar.Owner != call.Calendar.Owner
            || channel.Calendar.ResourceId != (string?)call.Body["resourceId"])
        {
            return CalendarError.NoChannel(key);
        }

        channel.HasEnded = true;
        return CalendarAnswer.Nothing;
    }

    private static bool IsTaken(CalendarCall call, Uri address) =>
        address.Scheme == Uri.UriSchemeHttps
        || (call.Channels.TakesLoopbackHttp && address.IsLoopback && address.Scheme == Uri.UriSchemeHttp);

    /// <summary>By params.ttl (seconds) or expiration (ms since 1970), never longer than the server likes.</summary>
    private static TimeSpan? Life(CalendarCall call)
    {
        CultureInfo plain = CultureInfo.InvariantCulture;
        TimeSpan life = WatchChannel.DefaultLife;
        if (call.Body["params"]?["ttl"] is JsonNode ttl)
        {
            if (!int.TryParse(ttl.ToString(), NumberStyles.None, plain, out int seconds))
            {
                return null;
            }

            life = TimeSpan.FromSeconds(seconds);
        }
        else if (call.Body["expiration"] is JsonNode expiration)
        {
            if (!long.TryParse(expiration.ToString(), NumberStyles.None, plain, out long milliseconds))
            {
                return null;
            }

            life = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) - call.Calendar.Clock.GetUtcNow();
        }

        return life <= TimeSpan.Zero ? null : life < call.Channels.LongestLife ? life : call.Channels.LongestLife;
    }
}
