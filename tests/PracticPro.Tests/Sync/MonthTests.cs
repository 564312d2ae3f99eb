using PracticPro.Sync.Mailbox;

namespace PracticPro.Tests.Sync;

/// <summary>Months, as the counterpart index is ordered by them.</summary>
public sealed class MonthTests
{
    [Theory]
    [InlineData("2026-01-31T23:59:59Z", "2026-01")]
    [InlineData("2026-12-01T00:00:00Z", "2026-12")]
    [InlineData("2026-12-01T01:00:00+02:00", "2026-11")]
    [InlineData("1980-01-01T00:00:00Z", "1980-01")]
    [InlineData("2079-12-31T23:59:59Z", "2079-12")]
    [InlineData("0001-01-01T00:00:00Z", "1980-01")]
    [InlineData("9999-12-31T23:59:59Z", "2079-12")]
    public void A_month_is_the_one_in_UTC_or_the_nearest_that_mail_is_of(string at, string text) =>
        Assert.Equal(text, Month.Of(DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture)).ToString());

    [Fact]
    public void Going_back_gives_every_month_between_with_both_ends()
    {
        var latest = new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero);

        var months = Month.Back(latest, latest.AddTicks(-1).AddMonths(-2));

        Assert.Equal(["2026-02", "2026-01", "2025-12", "2025-11"], months.Select(static month => month.ToString()));
    }

    [Fact]
    public void Of_one_moment_there_is_one_month() =>
        Assert.Single(Month.Back(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch));
}
