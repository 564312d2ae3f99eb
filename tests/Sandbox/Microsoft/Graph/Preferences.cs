using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace PracticPro.Sandbox.Microsoft.Graph;

/// <summary>What a request prefers (RFC 7240), several to a header or a header each, and what of it was applied.</summary>
internal sealed record Preferences(int? PageSize, bool ImmutableIds, TimeZoneInfo Zone, IReadOnlyList<string> Applied)
{
    private const string PageSizeName = "odata.maxpagesize";
    private const string ZoneName = "outlook.timezone";

    public static Preferences Read(StringValues header)
    {
        int? size = null;
        bool immutable = false;
        TimeZoneInfo zone = TimeZoneInfo.Utc;
        var applied = new List<string>();
        foreach (string wish in header.SelectMany(line => (line ?? "").Split(',', StringSplitOptions.TrimEntries)))
        {
            string name = wish.Split('=')[0].Trim();
            string value = wish.Contains('=', StringComparison.Ordinal) ? wish.Split('=', 2)[1].Trim().Trim('"') : "";
            if (name == PageSizeName && int.TryParse(value, NumberStyles.None, null, out int asked) && asked > 0)
            {
                size = Math.Min(asked, 1_000);
                applied.Add(wish);
            }
            else if (name == "IdType" && value == "ImmutableId")
            {
                immutable = true;
                applied.Add(wish);
            }
            else if (name == ZoneName && TimeZoneInfo.TryFindSystemTimeZoneById(value, out TimeZoneInfo? found))
            {
                zone = found;
                applied.Add(wish);
            }
        }

        return new Preferences(size, immutable, zone, applied);
    }
}
