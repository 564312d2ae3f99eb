using PracticPro.Access;
using PracticPro.Assistant;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Streams;
using PracticPro.Sync.Published;
using PracticPro.Web.Pages;

namespace PracticPro.Web;

/// <summary>The connections page, and what its forms do.</summary>
internal sealed class ShowConnections(
    ListConnections list, StartConnection start, EndConnection end, RequestDrafts drafts, TenantScopes scopes, TimeProvider time)
{
    private const string Address = "/connections";

    public async Task<object> RunAsync(SignedIn by, string? note, Failure? why, CancellationToken cancellation)
    {
        var rows = await list.RunAsync(by.Tenant, cancellation);
        var scope = await scopes.OpenAsync(by.Tenant, cancellation);
        var practice = await PracticeNames.OfPracticeAsync(scope, cancellation);
        var connections = rows.Select(Connection).ToList();
        var frame = Frame.Of(by, practice, "Connections", "connections", note, why?.Message) with
        {
            RefreshSeconds = connections.Any(one => one is { Active: true, Done: not null }) ? 5 : null,
        };
        return new PageAnswer<ConnectionsPage>(
            new ConnectionsView(frame, connections, by.May(Permission.ManageConnections), by.May(Permission.RequestDrafts)),
            why is null ? StatusCodes.Status200OK : StatusCodes.Status409Conflict);
    }

    /// <summary>
    /// A page with a link to Google and not a redirect there: a form may lead to our own pages only (form-action), also by
    /// way of a redirect, and that stays so.
    /// </summary>
    public async Task<object> ConnectAsync(SignedIn by, CancellationToken cancellation)
    {
        var outcome = await start.RunAsync(by, cancellation);
        if (!outcome.Try(out var page, out var why))
        {
            return await RunAsync(by, null, why, cancellation);
        }

        var scope = await scopes.OpenAsync(by.Tenant, cancellation);
        var practice = await PracticeNames.OfPracticeAsync(scope, cancellation);
        var frame = Frame.Of(by, practice, "On to Google", "connections");
        return new PageAnswer<HandOverPage>(new HandOverView(frame, page.AbsoluteUri));
    }

    public async Task<object> DisconnectAsync(SignedIn by, ConnectionId id, CancellationToken cancellation) =>
        await AfterAsync(await end.RunAsync(by, id, cancellation), by, Address, "disconnected", cancellation);

    public async Task<object> DraftAsync(SignedIn by, ConnectionId id, Form form, CancellationToken cancellation)
    {
        var count = int.TryParse(form["count"], out var asked) ? asked : 0;
        return await AfterAsync(
            await drafts.RunAsync(by, id, count, cancellation), by, SignInAddress.Home, "drafts-asked", cancellation);
    }

    private async Task<object> AfterAsync(
        Outcome<Done> outcome, SignedIn by, string place, string note, CancellationToken cancellation) =>
        outcome.Failure is { } why ? await RunAsync(by, null, why, cancellation) : SeeOther.With(place, note);

    private ConnectionView Connection(ListConnections.Row row)
    {
        var active = row.Connection.State == ConnectionState.Active;
        var reading = active && row.Cursor?.Phase != SyncPhase.InStep;
        var (state, look, meaning) = row.Connection.State switch
        {
            ConnectionState.Active when reading => ("Reading", "look", "The mailbox is being read for the first time, or anew."),
            ConnectionState.Active => ("In step", "good", "What changes in the mailbox shows here."),
            ConnectionState.NeedsReconnect => ("Connect again", "stop",
                "Google no longer honours the access. Connect the same mailbox again: nothing is lost."),
            _ => ("Disconnected", "calm", "Nothing is read from it or sent through it."),
        };
        return new ConnectionView(
            $"{Address}/{row.Connection.Id}",
            row.Connection.Id.Text,
            row.Connection.Mailbox.Text,
            state,
            look,
            meaning,
            active,
            CanDisconnect: ConnectionTransitions.After(row.Connection.State, ConnectionMove.Disconnect) is not null,
            reading ? row.Cursor?.Stored ?? 0 : null,
            row.Cursor?.Total ?? 0,
            active && row.Cursor?.Failures > 0 ? "The provider has trouble at the moment. It is tried again by itself." : null,
            row.Cursor?.LookedAt,
            row.Cursor?.LookedAt is { } looked ? Words.Ago(looked, time.GetUtcNow()) : "");
    }
}
