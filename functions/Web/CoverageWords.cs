using System.Collections.Immutable;
using System.Globalization;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Streams.Coverage;
using PracticPro.Vault;
using PracticPro.Web.Pages;

namespace PracticPro.Web;

/// <summary>The coverage of one connection, in words and as a picture.</summary>
internal static class CoverageWords
{
    private const int Whole = 1000;

    /// <summary>A hole of a minute in a year has to be seen.</summary>
    private const int Narrowest = 6;

    private const int MostShown = 20;

    /// <param name="streams">Of the connection, as the ledger tells them.</param>
    /// <returns>Null while nothing is proven.</returns>
    public static CoverageView? View(Connection connection, ImmutableArray<StreamCoverage> streams, DateTimeOffset now)
    {
        var followed = streams.Where(static one => one.IsFollowed && !one.Covered.IsEmpty).ToList();
        if (followed.Count == 0)
        {
            return null;
        }

        var from = followed.Min(static one => one.Covered[0].From);
        var until = followed.Min(static one => one.Covered[^1].Until);
        var holes = HolesOf(followed, connection.State);
        var open = holes.Where(static hole => hole.Until is null).OrderBy(static hole => hole.From).ToList();
        var closed = holes.Where(static hole => hole.Until is not null).OrderByDescending(static hole => hole.From).ToList();
        return new CoverageView(
            connection.Id.Text,
            from,
            until,
            InWords(from, until, open, closed),
            [
                Bar("proven", from, until, from, now, least: 0),
                .. closed.Select(hole => Bar(hole.IsLate ? "late" : "mended", hole.From, hole.Until!.Value, from, now, Narrowest)),
                .. open.Select(hole => Bar("hole", hole.From, now, from, now, Narrowest)),
            ],
            open,
            [.. closed.Take(MostShown)],
            Math.Max(closed.Count - MostShown, 0) + followed.Sum(static one => one.Forgotten));
    }

    /// <summary>What one event opened in many parts is one hole to people.</summary>
    private static List<HoleView> HolesOf(List<StreamCoverage> streams, ConnectionState state) =>
    [
        .. streams
            .SelectMany(static one => one.Holes.Select(hole => (one.Stream, Hole: hole)))
            .GroupBy(static one => (one.Hole.Because, one.Hole.OpenedAt, IsOpen: one.Hole.Until is null, one.Hole.ClosedBy))
            .Select(group => new HoleView(
                group.Min(static one => one.Hole.From),
                group.Max(static one => one.Hole.Until),
                group.Key.OpenedAt,
                Parts([.. group.Select(static one => one.Stream)]),
                Because(group.Key.Because),
                group.Key.IsOpen ? Next(state, group.Key.Because) : Closing(group.Key.ClosedBy),
                IsLate: group.Key.Because == CoverageLedger.ChannelSilent)),
    ];

    private static CoverageBar Bar(
        string look, DateTimeOffset begin, DateTimeOffset end, DateTimeOffset from, DateTimeOffset now, int least)
    {
        var wide = Math.Max(Part(end) - Part(begin), least);
        return new CoverageBar(look, Math.Min(Part(begin), Whole - wide), wide);

        int Part(DateTimeOffset at) => now <= from ? Whole : (int)(Whole * Math.Clamp((at - from) / (now - from), 0, 1));
    }

    private static string InWords(DateTimeOffset from, DateTimeOffset until, List<HoleView> open, List<HoleView> closed)
    {
        List<string> said = [$"Proven read from {Words.Minute(from)} to {Words.Minute(until)}."];
        said.AddRange(open.Select(static hole => $"Not proven from {Words.Minute(hole.From)} to now."));
        said.Add(closed.Count switch
        {
            0 when open.Count == 0 => "No holes.",
            0 => "",
            1 => "One hole was closed.",
            var many => string.Create(CultureInfo.InvariantCulture, $"{many} holes were closed."),
        });
        return string.Join(' ', said.Where(static one => one.Length > 0));
    }

    /// <summary>Kinds of streams, and how many of each; never the provider's own ids.</summary>
    private static string Parts(IReadOnlyList<string> streams) => string.Join(
        ", ",
        streams.Select(static one => one.Split('.')[0]).GroupBy(static word => word, StringComparer.Ordinal).Select(static kind =>
            kind.Count() == 1 ? kind.Key : string.Create(CultureInfo.InvariantCulture, $"{kind.Key}, {kind.Count()} of them")));

    private static string Because(string code) => code switch
    {
        CoverageLedger.CursorExpired => "The provider no longer remembered the point from which we follow changes.",
        CoverageLedger.ChannelSilent => "The provider's notifications did not tell of news; a look of our own found them.",
        CoverageLedger.ChannelGone => "The provider ended the notifications that tell of news.",
        CoverageLedger.ChannelMissed => "The provider said that it lost some of its notifications.",
        CoverageLedger.StreamGone => "The provider did not show this part for a while.",
        "grant-dead" or "renewal-cut-off" or "scope-missing" => "The access to the account was lost.",
        "provider-refuses-program" => "The provider does not accept this program at the moment.",
        "provider-rate-limited" => "The provider asked for a long pause.",
        "provider-answer-malformed" => "The provider's answers could not be read.",
        "provider-down" => "The provider had trouble.",
        _ => "Reading from the provider failed.",
    };

    private static string Next(ConnectionState state, string because) => state switch
    {
        ConnectionState.NeedsReconnect =>
            "Connect the same account again: what changed meanwhile is then read, and the hole closed.",
        ConnectionState.Disconnected => "The account is disconnected, so the hole stays until it is connected again.",
        _ => because switch
        {
            "provider-refuses-program" => "Whoever runs the server has to mend that; then the hole is read and closed by itself.",
            CoverageLedger.CursorExpired or CoverageLedger.StreamGone =>
                "Everything is being read anew; the hole is closed when that is through. There is nothing for you to do.",
            _ => "It is tried again by itself, and the hole closed once everything is read. "
                + "If it lasts longer than a day, tell whoever runs the server.",
        },
    };

    private static string Closing(string? how) =>
        how == IndexText.State(HoleClosing.ReadAnew) ? "Closed: everything was read anew."
        : how == IndexText.State(HoleClosing.Vanished) ? "Closed: it is gone at the provider, and what was kept of it is gone here."
        : "Closed: everything that changed in it was read afterwards.";
}
