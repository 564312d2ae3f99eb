using System.Text.Json.Nodes;
using PracticPro.Sandbox.Calendar;
using PracticPro.Sandbox.Faults;
using PracticPro.Storage;
using PracticPro.Sync;
using PracticPro.Sync.Calendars;
using PracticPro.Sync.GoogleCalendar;
using PracticPro.Sync.Streams;
using PracticPro.Tests.Sandbox;
using PracticPro.Tests.Support;
using PracticPro.Tests.Sync.GoogleCalendar;

namespace PracticPro.Tests.Sync.Contracts;

public sealed class GoogleCalendarContractTests : ConnectorContract
{
    private protected override async Task<IPlayedAccount> OpenAsync(int items, int pageSize = 100)
    {
        var premises = await Premises.OpenAsync();
        var account = new Account(premises);
        account.Calendar.LargestPage = pageSize;
        for (var item = 0; item < items; item++)
        {
            await account.AddAsync();
        }

        await premises.KeepAsync(CalendarJourneyTests.ConnectAsync(premises));
        await premises.SettleAsync();
        return account;
    }

    private sealed class Account(Premises premises) : IPlayedAccount
    {
        private int made;
        private int edited;

        public Premises Premises => premises;

        public EventCalendar Calendar => premises.Sandbox.World.Calendars.Primary(Outside.Mailbox);

        public Task<string> AddAsync(string text = "")
        {
            JsonObject written = CalendarSandbox.Written();
            written["description"] = text;
            lock (Calendar.Gate)
            {
                return Task.FromResult(
                    Calendar.Add(new StoredEvent($"item{made++:0000}", written, premises.Clock.GetUtcNow())).Id);
            }
        }

        public Task EditAsync(string id)
        {
            lock (Calendar.Gate)
            {
                var kept = Calendar.Find(id)!;
                Calendar.Rewrite(kept, EventMethods.Merged(kept.Written, new JsonObject { ["summary"] = $"Edit {edited++}" }));
            }

            return Task.CompletedTask;
        }

        public Task DeleteAsync(string id)
        {
            lock (Calendar.Gate)
            {
                Calendar.Delete(Calendar.Find(id)!);
            }

            return Task.CompletedTask;
        }

        public Task<bool> MoveAsync(string id) => Task.FromResult(false);

        public Task ExpireAsync()
        {
            lock (Calendar.Gate)
            {
                Calendar.ExpireTokens();
            }

            return Task.CompletedTask;
        }

        public void FailPages(int after, int times) => premises.Sandbox.World.Faults.Add(
            new FaultMatch("GET", "/calendars/primary/events$", null),
            new FaultAction(FaultKind.Status) { Reason = "backendError" },
            after,
            times);

        public IReadOnlyList<string> Truth() =>
            [.. Calendar.All.Where(kept => !kept.IsDeleted).Select(kept => $"{kept.Id} {kept.Etag} {(string)kept.Written["summary"]!}")];

        public async Task<IReadOnlyList<string>> StoredAsync()
        {
            var page = await (await premises.ScopeAsync()).Records.ListAsync(
                SyncKinds.CalendarEvent, RecordMirror<CalendarEvent>.ByGeneration,
                MirrorKey.Prefix(premises.Connection, GoogleCalendarConnector.Primary), ListOrder.Ascending, 200,
                after: null, TestContext.Current.CancellationToken);
            return [.. page.Items.Select(item => $"{item.Value.SourceId} {item.Value.Version} {item.Value.Summary}")];
        }

        public ValueTask DisposeAsync() => premises.DisposeAsync();
    }
}
