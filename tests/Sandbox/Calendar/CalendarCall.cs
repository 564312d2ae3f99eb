using System.Globalization;
using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.Calendar;

/// <summary>What a call comes to: JSON, nothing (204), "not modified" (304), or an error.</summary>
internal readonly record struct CalendarAnswer(JsonObject? Body, CalendarError? Error, bool IsUnchanged = false)
{
    public static readonly CalendarAnswer Nothing;

    public static readonly CalendarAnswer Unchanged = new(null, null, true);

    public int Status => Error?.Code
        ?? (IsUnchanged ? StatusCodes.Status304NotModified
            : Body is null ? StatusCodes.Status204NoContent : StatusCodes.Status200OK);

    public static implicit operator CalendarAnswer(JsonObject body) => new(body, null);

    public static implicit operator CalendarAnswer(CalendarError error) => new(null, error);

    public static CalendarAnswer FromJsonObject(JsonObject body) => body;

    public static CalendarAnswer FromCalendarError(CalendarError error) => error;
}

/// <summary>
/// One authorised request as a method of the API sees it. The calendar's lock is held meanwhile; calls about no one
/// calendar see the account's first.
/// </summary>
internal sealed record CalendarCall(
    EventCalendar Calendar, CalendarDirectory Calendars, ChannelCourier Channels, HttpRequest Request, JsonObject Body)
{
    public string? Query(string name) => Request.Query[name].FirstOrDefault();

    public bool Has(string name) => Request.Query.ContainsKey(name);

    public string Route(string name) => (string)Request.RouteValues[name]!;

    public bool Flag(string name) => string.Equals(Query(name), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>The condition of If-Match; null when there is none.</summary>
    public string? Condition => Request.Headers.IfMatch.ToString() is { Length: > 0 } tag ? tag : null;

    /// <summary>maxResults: 250 when absent, 2,500 at most. Null when it is no number above 0.</summary>
    public int? PageSize()
    {
        string? text = Query("maxResults");
        if (text is null)
        {
            return Math.Min(250, Calendar.LargestPage);
        }

        bool isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int size);
        return isNumber && size is > 0 and <= 2_500
            ? Math.Min(size, Calendar.LargestPage)
            : null;
    }

    /// <summary>An RFC 3339 time; false when there is something else.</summary>
    public bool Time(string name, out DateTimeOffset? at)
    {
        at = null;
        if (Query(name) is not { } text)
        {
            return true;
        }

        bool isOne = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out DateTimeOffset parsed);
        at = isOne ? parsed : null;
        return isOne;
    }
}
