using System.Globalization;
using PracticPro.Access;
using PracticPro.Approvals;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Vault;
using PracticPro.Web.Pages;

namespace PracticPro.Web;

/// <summary>The approval inbox: what waits first, and everything else behind tabs.</summary>
internal sealed class ShowInbox(ReadApprovals read, TenantScopes scopes, TimeProvider time)
{
    private const int RowsAPage = 25;
    private const int CountedUpTo = 99;

    private static readonly Tab[] Tabs =
    [
        new("waiting", "Waiting", "Nothing waits for you. Ask for drafts on the connections page, or come back later.", true, ApprovalState.Waiting),
        new("moving", "On its way", "Nothing is on its way. What you approve passes through here.", false, ApprovalState.Approved, ApprovalState.Sending),
        new("sent", "Sent", "Nothing has been sent yet. Approve what waits.", false, ApprovalState.Sent),
        new("closed", "Not wanted", "Nothing was rejected, and nothing has expired.", false, ApprovalState.Rejected, ApprovalState.Expired),
        new("trouble", "Needs a look", "Everything that was to be sent, was. There is nothing to look into.", true, ApprovalState.Unknown, ApprovalState.Failed),
    ];

    /// <param name="tabName">A tab; an unknown one is the first.</param>
    /// <param name="state">One state of it, for the pages after the first.</param>
    public async Task<object> RunAsync(
        SignedIn by, string? tabName, string? state, string? cursor, string? note, CancellationToken cancellation)
    {
        var open = Array.Find(Tabs, tab => tab.Name == tabName) ?? Tabs[0];
        var query = new PageQuery { Cursor = cursor }.Read();
        if (!query.Try(out var paging, out var why))
        {
            return new Outcome<Done>(why);
        }

        var states = paging.After is null ? open.States : [.. open.States.Where(one => IndexText.State(one) == state)];
        var sections = new List<SectionView>();
        foreach (var one in states)
        {
            sections.Add(await SectionAsync(by, open, one, paging.After, cancellation));
        }

        var scope = await scopes.OpenAsync(by.Tenant, cancellation);
        var frame = (await Frame.OfAsync(scope, by, "Inbox", "inbox", cancellation, note)) with
        {
            RefreshSeconds = open.Name == "moving" && sections.Any(section => section.Rows.Count > 0) ? 5 : null,
        };
        var tabs = new List<TabView>();
        foreach (var tab in Tabs)
        {
            var count = tab.Counted ? await CountAsync(by.Tenant, tab, cancellation) : null;
            tabs.Add(new TabView(tab.Title, $"/inbox?tab={tab.Name}", tab == open, count));
        }

        return new PageAnswer<InboxPage>(new InboxView(frame, tabs, sections, open.Empty));
    }

    private async Task<SectionView> SectionAsync(
        SignedIn by, Tab tab, ApprovalState state, Cursor? after, CancellationToken cancellation)
    {
        var page = await read.ListAsync(by.Tenant, state, RowsAPage, after, cancellation);
        var word = IndexText.State(state);
        return new SectionView(
            tab.States.Length > 1 ? Words.Of(state) : null,
            [.. page.Items.Select(Row)],
            page.Next is { } next ? $"/inbox?tab={tab.Name}&state={word}&cursor={next}" : null);
    }

    private RowView Row(Approval approval)
    {
        var verdict = ApprovalWords.WorstVerdict(approval.Gates);
        var waits = approval.State == ApprovalState.Waiting;
        return new RowView(
            $"/approvals/{approval.Id}",
            ShowAction.Whom(approval.Action),
            approval.Action.Title,
            approval.Because,
            approval.ProposedAt,
            Words.Ago(approval.ProposedAt, time.GetUtcNow()),
            waits ? Words.AllGates(verdict) : Words.Of(approval.State),
            waits ? Words.Class(verdict) : Words.Class(approval.State));
    }

    private async Task<string> CountAsync(TenantId tenant, Tab tab, CancellationToken cancellation)
    {
        var count = 0;
        foreach (var state in tab.States)
        {
            count += (await read.ListAsync(tenant, state, CountedUpTo + 1, null, cancellation)).Items.Count;
        }

        return count > CountedUpTo ? $"{CountedUpTo}+" : count.ToString(CultureInfo.InvariantCulture);
    }

    private sealed record Tab(string Name, string Title, string Empty, bool Counted, params ApprovalState[] States);
}
