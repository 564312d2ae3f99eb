using System.Globalization;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Channels;
using PracticPro.Sync.Push;

namespace PracticPro.Sync.GoogleCalendar;

/// <summary>
/// Takes a channel's notification: the channel is looked up, its secret and resource are proven, and only then somebody is
/// told. A hint and nothing more. What is not proven is refused, which Google does not repeat.
/// </summary>
internal sealed class ReceiveCalendarNotice(HearChannel hear, NudgeMailbox nudge, SyncMeter meter)
{
    /// <param name="header">The one value of a header; null when it is absent or stands there twice.</param>
    public async Task<Outcome<Done>> RunAsync(Func<string, string?> header, CancellationToken cancellation)
    {
        if (!CalendarNotice.Read(header).Try(out var notice, out var why))
        {
            return Refused(why);
        }

        if (await hear.FindAsync(notice.Channel, cancellation) is not { } heard
            || !notice.IsProven(heard.Channel, heard.Tenant.Keys))
        {
            return Refused(new SyncFailures.PushUnproven());
        }

        if (notice.HasNews)
        {
            var mark = string.Create(CultureInfo.InvariantCulture, $"{notice.Channel}.{notice.Number}");
            await nudge.TellAsync(
                new FleetEntry(heard.Tenant.Tenant, heard.Channel.Connection.Text), mark, cancellation);
        }

        return Done.Value;
    }

    private Failure Refused(Failure why)
    {
        meter.PushRefused(why.Code);
        return why;
    }
}
