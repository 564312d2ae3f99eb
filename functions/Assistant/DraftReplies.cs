using System.Globalization;
using PracticPro.Access;
using PracticPro.Approvals.Published;
using PracticPro.Assistant.Published;
using PracticPro.Audit;
using PracticPro.Durable;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Published;

namespace PracticPro.Assistant;

/// <summary>
/// Suggests replies, one conversation after another, and puts each before a person. One suggestion a message, however
/// often it is asked.
/// </summary>
internal sealed class DraftReplies : Orchestration<DraftReplies.Input, int>
{
    public static readonly OrchestrationName<Input, int> Name = new("draft-replies");
    public static readonly ActivityName<Input, int> StepName = new("suggest-replies");

    private static readonly RetryPolicy Patient = new(TimeSpan.FromSeconds(1), maxAttempts: 10, coefficient: 2);

    public sealed record Input(TenantId Tenant, ConnectionId Connection, int Count);

    /// <summary>One instance a request: a second request is not swallowed by a first that still runs.</summary>
    public static InstanceId InstanceOf(TenantId tenant, ConnectionId connection, DateTimeOffset requestedAt) =>
        InstanceId.For(tenant, string.Create(
            CultureInfo.InvariantCulture, $"drafts.{connection}.{requestedAt.ToUnixTimeMilliseconds()}"));

    public override Task<int> RunAsync(OrchestrationContext context, Input input) =>
        context.CallActivityAsync(StepName, input, Patient);

    /// <summary>Idempotent: proposal and suggestion are keyed by the message they answer.</summary>
    internal sealed class Suggest(
        TenantScopes scopes, MailFacts facts, IDrafter drafter, ProposeMail propose, TimeProvider time)
        : Activity<Input, int>
    {
        private static readonly Actor Job = new Actor.Job("assistant");
        private const int PageSize = 50;

        public override async Task<int> RunAsync(ActivityContext context, Input input, CancellationToken cancellation)
        {
            var scope = await scopes.OpenAsync(input.Tenant, cancellation);
            var made = 0;
            Cursor? after = null;
            do
            {
                var page = await facts.WaitingAsync(input.Tenant, input.Connection, PageSize, after, cancellation);
                foreach (var waiting in page.Items)
                {
                    if (made < input.Count && await SuggestAsync(scope, waiting, cancellation))
                    {
                        made++;
                    }
                }

                after = page.Next;
            }
            while (after is not null && made < input.Count);
            return made;
        }

        /// <summary>True when a new suggestion was made.</summary>
        private async Task<bool> SuggestAsync(TenantScope scope, WaitingConversation waiting, CancellationToken cancellation)
        {
            if (await scope.FindAsync(AssistantKinds.Draft, Draft.KeyOf(waiting), cancellation) is not null)
            {
                return false;
            }

            var practice = await scope.FindAsync(AccessKinds.Practice, Practice.Id, cancellation);
            var contact = await facts.FindContactAsync(scope.Tenant, waiting.Address, cancellation);
            var text = await drafter.DraftAsync(
                new DraftFacts(
                    waiting.Name,
                    practice?.Value.Name ?? "",
                    waiting.Subject,
                    waiting.Since,
                    contact?.FirstAt ?? waiting.Since,
                    time.GetUtcNow()),
                cancellation);
            var proposed = await propose.RunAsync(scope.Tenant, Proposal(waiting, text), cancellation);
            if (!proposed.Try(out var approval, out _))
            {
                // This one cannot be put to a person as it is; the others can.
                return false;
            }

            var draft = new Draft(
                Draft.KeyOf(waiting), waiting.Connection, waiting.ThreadId, drafter.Name, approval.Text, time.GetUtcNow());
            var outcome = await scope.CommitAsync(
                new AuditEntry(Job, AuditAct.DraftMade).On("approval", approval.Text).On("drafter", drafter.Name),
                [scope.Put(AssistantKinds.Draft, draft, Condition.Absent)],
                cancellation);
            return outcome is CommitOutcome.Committed;
        }

        private static ProposeMail.Proposal Proposal(WaitingConversation waiting, DraftText text) => new(
            Job,
            waiting.Connection,
            waiting.ThreadId,
            [new MailParty(waiting.Address, waiting.Name)],
            text.Subject,
            text.Text,
            waiting.LastMessageId,
            waiting.LastReferences,
            Draft.KeyOf(waiting),
            "They wrote last and wait for an answer.");
    }
}
