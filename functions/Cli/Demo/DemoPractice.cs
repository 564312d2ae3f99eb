using System.Collections.Immutable;
using PracticPro.Access;
using PracticPro.Approvals;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync;
using PracticPro.Sync.Books;
using PracticPro.Sync.Calendars;
using PracticPro.Sync.GoogleCalendar;
using PracticPro.Sync.Mailbox;
using PracticPro.Sync.Outlook;
using PracticPro.Sync.Streams;
using PracticPro.Sync.Webhooks;
using PracticPro.Vault;

namespace PracticPro.Cli.Demo;

/// <summary>One synced message as our records have it.</summary>
internal sealed record KeptMessage(string ThreadId, ImmutableArray<string> Labels);

/// <summary>One approval as our records have it; the Message-ID without its angle brackets.</summary>
internal sealed record KeptApproval(string Id, ApprovalState State, string MessageId);

/// <summary>What the data folder holds, read while no server runs on it.</summary>
/// <param name="Messages">By the provider's message id.</param>
internal sealed record KeptRecords(
    IReadOnlyDictionary<string, KeptMessage> Messages, IReadOnlyList<KeptApproval> Approvals)
{
    /// <summary>Of Google's calendar, by id: the ETag.</summary>
    public required IReadOnlyDictionary<string, string> Events { get; init; }

    /// <summary>Of the books, by id: the books' own count of changes.</summary>
    public required IReadOnlyDictionary<string, string> Customers { get; init; }

    /// <inheritdoc cref="Customers"/>
    public required IReadOnlyDictionary<string, string> Invoices { get; init; }

    /// <inheritdoc cref="Customers"/>
    public required IReadOnlyDictionary<string, string> Payments { get; init; }

    /// <summary>By immutable id, as <see cref="DemoChecks.Letter"/> tells one.</summary>
    public required IReadOnlyDictionary<string, string> OutlookMessages { get; init; }

    /// <summary>Of Outlook's calendar, by immutable id; no series, but each occurrence of one.</summary>
    public required IReadOnlyList<DemoShapes.Appointment> OutlookEvents { get; init; }

    public required IReadOnlyList<KeptNotice> Notices { get; init; }
}

/// <summary>A notification that a provider sent, as our records have it.</summary>
internal sealed record KeptNotice(string Connection, DateTimeOffset ReceivedAt);

/// <summary>
/// A scratch practice in a scratch data folder: opened before the first server starts, and looked into after the last
/// one ended.
/// </summary>
/// <param name="KeyId">Of the key that signs its audit log, known before the log has an entry: the pin.</param>
internal sealed record DemoPractice(TenantId Tenant, string KeyId)
{
    private const int PageSize = 500;

    public static async Task<DemoPractice> CreateAsync(
        string[] settings, CreatePractice.Order order, CancellationToken cancellation)
    {
        await using var folder = await OpenedFolder.OpenAsync(settings, cancellation);
        var outcome = await folder.Of<CreatePractice>().RunAsync(order, cancellation);
        return new DemoPractice(outcome.Expect(), TakeCheckpoint.KeyOf(folder.Of<ICheckpointSigner>()).KeyId);
    }

    public async Task<KeptRecords> ReadAsync(string[] settings, CancellationToken cancellation)
    {
        await using var folder = await OpenedFolder.OpenAsync(settings, cancellation);
        var scope = await folder.Of<TenantScopes>().OpenAsync(Tenant, cancellation);
        var messages = await AllAsync(scope, SyncKinds.Message, MailMessage.ByGeneration, cancellation);
        var approvals = await AllAsync(scope, ApprovalKinds.Approval, Approval.ByState, cancellation);
        var events = await AllAsync(scope, SyncKinds.CalendarEvent, RecordMirror<CalendarEvent>.ByGeneration, cancellation);
        var customers = await AllAsync(scope, BookKinds.Customer, RecordMirror<Customer>.ByGeneration, cancellation);
        var invoices = await AllAsync(scope, BookKinds.Invoice, RecordMirror<Invoice>.ByGeneration, cancellation);
        var payments = await AllAsync(scope, BookKinds.Payment, RecordMirror<Payment>.ByGeneration, cancellation);
        var notices = await AllAsync(scope, SyncKinds.Webhook, KeptWebhook.ByConnection, cancellation);
        return new KeptRecords(
            messages.Where(static message => message.Stream == MirrorKey.Mailbox).ToDictionary(
                message => message.SourceId,
                message => new KeptMessage(message.ThreadId, message.Labels),
                StringComparer.Ordinal),
            [.. approvals.Where(static one => one.Action is OutgoingMail).Select(one => new KeptApproval(one.Id.Text, one.State, one.Mail.MessageId.Trim('<', '>')))])
        {
            Events = ById(events.Where(static one => one.Stream == GoogleCalendarConnector.Primary), static one => one.Version),
            Customers = ById(customers, static one => one.Version),
            Invoices = ById(invoices, static one => one.Version),
            Payments = ById(payments, static one => one.Version),
            OutlookMessages = ById(
                messages.Where(static message => message.Stream != MirrorKey.Mailbox),
                static message => DemoChecks.Letter(
                    FolderRole.Of(message.Stream).Folder, !message.Labels.Contains("UNREAD"), message.Labels.Contains("STARRED"))),
            OutlookEvents = [.. events.Where(static one => one.Stream == OutlookConnector.Calendar && one.Recurrence.IsEmpty).Select(Appointment)],
            Notices = [.. notices.Select(static one => new KeptNotice(one.Connection.Text, one.ReceivedAt))],
        };
    }

    private static DemoShapes.Appointment Appointment(CalendarEvent kept) =>
        new(kept.SourceId, kept.Summary, EventMirror.StartOf(kept)!.Value, EventMirror.EndOf(kept)!.Value);

    private static Dictionary<string, string> ById<T>(IEnumerable<T> items, Func<T, string> told)
        where T : MirroredItem => items.ToDictionary(static item => item.SourceId, told, StringComparer.Ordinal);

    private static async Task<List<T>> AllAsync<T>(
        TenantScope scope, RecordKind<T> kind, string index, CancellationToken cancellation)
        where T : class
    {
        List<T> all = [];
        Cursor? after = null;
        do
        {
            var page = await scope.Records.ListAsync(kind, index, "", ListOrder.Ascending, PageSize, after, cancellation);
            all.AddRange(page.Items.Select(item => item.Value));
            after = page.Next;
        }
        while (after is not null);
        return all;
    }
}
