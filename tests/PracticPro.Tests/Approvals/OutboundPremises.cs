using Microsoft.Extensions.DependencyInjection;
using PracticPro.Approvals;
using PracticPro.Approvals.Published;
using PracticPro.Kernel;
using PracticPro.Sync.Published;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Approvals;

/// <summary>Premises whose connected account also has a calendar and a task list, in memory: they outlive its crashes.</summary>
internal sealed class OutboundPremises : IAsyncDisposable
{
    public static readonly TimeSpan UndoDelay = TimeSpan.FromSeconds(31);

    private OutboundPremises(Premises premises) => Premises = premises;

    public Premises Premises { get; }

    public MemoryCalendar Calendar { get; } = new() { Standing = new(EmailAddress.Parse(Outside.Mailbox), Active: true, MaySend: true) };

    public MemoryTaskList Tasks { get; } = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<OutboundPremises> OpenAsync()
    {
        var outbound = new OutboundPremises(await Premises.ConnectedAsync(new() { Letters = 1 }));
        await outbound.RestartAsync();
        return outbound;
    }

    /// <param name="beforeCommit">Runs on every write to the store; may throw as a failing disk does.</param>
    public async Task RestartAsync(Action? beforeCommit = null)
    {
        await Premises.CrashAsync();
        await Premises.StartAsync(beforeCommit, services => services
            .AddSingleton<IEventWriter>(Calendar)
            .AddSingleton<ITaskWriter>(Tasks));
    }

    public async Task<Approval> ProposeEventAsync(EventDraft? draft, EventPlace? place = null, string basis = "a")
    {
        var proposal = new ProposeEvent.Proposal(
            new Actor.Job("assistant"), Premises.Connection, draft, "", place, TellGuests: true, basis, "They asked for it.");
        var id = (await Premises.Get<ProposeEvent>().RunAsync(Premises.Tenant, proposal, Cancellation)).Expect();
        await Premises.SettleAsync();
        return await Premises.ApprovalAsync(id);
    }

    public async Task<Approval> ProposeTaskAsync(TaskContent task, bool own, string basis = "a")
    {
        var proposal = new ProposeTask.Proposal(
            new Actor.Job("assistant"), own ? null : Premises.Connection, task, basis, "They asked for it.");
        var id = (await Premises.Get<ProposeTask>().RunAsync(Premises.Tenant, proposal, Cancellation)).Expect();
        await Premises.SettleAsync();
        return await Premises.ApprovalAsync(id);
    }

    public async Task<Approval> ApprovedAsync(Approval proposed)
    {
        var approved = (await Premises.ApproveAsync(proposed)).Expect();
        await Premises.SettleAsync();
        return approved;
    }

    public async Task<Approval> UntilAsync(Approval approval, ApprovalState state)
    {
        await Premises.PassUntilAsync(Premises.Is(approval, state), TimeSpan.FromSeconds(10), most: 120);
        return await Premises.ApprovalAsync(approval.Id);
    }

    public static EventDraft Draft(EventContent content) =>
        new(content.Title, content.Description, content.Location, content.When, content.Guests);

    public ValueTask DisposeAsync() => Premises.DisposeAsync();
}
