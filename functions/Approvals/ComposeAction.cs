using System.Security.Cryptography;
using PracticPro.Approvals.Published;
using PracticPro.Audit;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Published;

namespace PracticPro.Approvals;

/// <summary>An action with what would leave for it.</summary>
/// <param name="Kept">The exact bytes, where they are kept with the approval.</param>
internal sealed record Composed(OutgoingAction Action, byte[] Kept, byte[] Sha256, OutgoingWrite? Write);

/// <summary>Writes an action as the bytes that would leave, once: for its showing, its digest and its permit alike.</summary>
internal sealed class ComposeAction(IEventWriter events, ITaskWriter tasks)
{
    /// <summary>Composes; a failure says what the provider cannot do.</summary>
    public async Task<Outcome<Composed>> RunAsync(
        TenantScope scope, ApprovalId id, ConnectionId? connection, OutgoingAction action, CancellationToken cancellation) =>
        action switch
        {
            OutgoingMail { Attachments.IsEmpty: true } mail => Of(mail, MimeWriter.Write(mail), keep: true),
            OutgoingMail mail => await MimeAsync(scope, id, mail, cancellation) is { } mime
                ? Of(mail, mime, keep: false)
                : new ApprovalFailures.AttachmentMissing(),
            OutgoingEvent one => Of(one, await events.ComposeAsync(scope.Tenant, connection!.Value, one.Order, cancellation)),
            OutgoingTask { Account: not null } task =>
                Of(task, await tasks.ComposeAsync(scope.Tenant, connection!.Value, task.Order, cancellation)),
            OutgoingTask task => Of(task, OutgoingTask.Of(task.Order.Task).ToUtf8(), keep: true),
            _ => throw new InvalidOperationException("An action of no known kind."),
        };

    /// <summary>The bytes of a mail, written anew from its attachments; null when one is not there as it was kept.</summary>
    public static async Task<byte[]?> MimeAsync(
        TenantScope scope, ApprovalId id, OutgoingMail mail, CancellationToken cancellation) =>
        await AttachmentShelf.ReadAllAsync(scope, id, mail, cancellation) is { } contents
            ? MimeWriter.Write(mail, contents)
            : null;

    private static Outcome<Composed> Of(OutgoingAction action, byte[] bytes, bool keep) =>
        new Composed(action, keep ? bytes : [], SHA256.HashData(bytes), null);

    private static Outcome<Composed> Of(OutgoingAction action, Outcome<OutgoingWrite> composed) =>
        composed.Try(out var write, out var why) ? new Composed(action, [], write.Sha256(), write) : why;
}
