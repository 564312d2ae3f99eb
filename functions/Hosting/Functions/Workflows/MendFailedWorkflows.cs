using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PracticPro.Durable;
using PracticPro.Durable.History;
using PracticPro.Durable.Triggers;
using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Hosting.Functions.Workflows;

/// <summary>
/// The watchdog: finds instances that the host failed and has them started again with the same id, name and input.
/// Records drive workflows (decision 0007), so a fresh run goes on where the records are: nothing is lost, and what was
/// done is not done again. The start is an order in the tenant's outbox, written together with the count of starts, on
/// the condition that nobody else wrote it; so two watchdogs at once restart an instance once.
/// </summary>
internal sealed partial class MendFailedWorkflows(
    IStorage storage, QueueBell bell, DurableRegistry registry, FunctionsOptions options, TimeProvider time, ILogger<MendFailedWorkflows> log)
{
    private const int PageSize = 100;
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);
    internal static readonly DocumentKind Kind = DocumentKind.Of("mended-workflow");

    [Function("mend-failed-workflows")]
    public static Task RunAsync(
        [TimerTrigger("40 * * * * *")] TimerTick tick, [DurableClient] IHub hub, MendFailedWorkflows mend, CancellationToken cancellation) =>
        mend.RunAsync(hub, cancellation);

    /// <summary>How many were ordered to start again.</summary>
    public async Task<int> RunAsync(IHub hub, CancellationToken cancellation)
    {
        var mended = 0;
        Cursor? from = null;
        do
        {
            var page = await hub.ListAsync(new InstanceQuery(OrchestrationStatus.Failed, PageSize: PageSize), from, cancellation);
            foreach (var listed in page.Items)
            {
                // A list may leave out why; the instance itself says it.
                if (TenantOfRoot(listed.Instance) is { } tenant
                    && await hub.GetStatusAsync(listed.Instance, cancellation) is { } instance
                    && HostFailure.IsOf(instance)
                    && registry.Orchestrations.Contains(instance.Name, StringComparer.OrdinalIgnoreCase)
                    && await OrderAsync(tenant, instance, cancellation))
                {
                    mended++;
                }
            }

            from = page.Next;
        }
        while (from is not null);
        return mended;
    }

    /// <summary>
    /// Null for an instance that is no tenant's, or that another instance started (its id is a bare GUID after the
    /// tenant): its parent was told, and calls it again.
    /// </summary>
    private static TenantId? TenantOfRoot(InstanceId instance)
    {
        var end = instance.Text.IndexOf(':', StringComparison.Ordinal);
        return end > 0
            && !Guid.TryParseExact(instance.Text[(end + 1)..], "N", out _)
            && TenantId.TryParse(instance.Text[..end], out var tenant)
                ? tenant
                : null;
    }

    private async Task<bool> OrderAsync(TenantId tenant, InstanceStatus instance, CancellationToken cancellation)
    {
        var documents = storage.For(tenant).Documents;
        var key = Kind.Key(Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(instance.Instance.Text))));
        var stored = await documents.FindAsync(key, cancellation);
        var before = stored is null ? Restarts.None : JsonSerializer.Deserialize<Restarts>(stored.Document.Body.Span, JsonShapes.Stored)!;
        if (before.LastFailure == instance.UpdatedAt)
        {
            return false;
        }

        var now = time.GetUtcNow();
        List<DateTimeOffset> recent = [.. before.At.Where(at => now - at < Window)];
        if (recent.Count >= options.RestartsPerHour)
        {
            LogLeft(log, instance.Instance, recent.Count);
            return false;
        }

        var after = new Restarts(instance.UpdatedAt, [.. recent, now]);
        var order = WorkflowOutbox.StartAgain(
            instance.Name, instance.Instance, instance.Input, $"mend-{key.Id}-{instance.UpdatedAt.UtcTicks}");
        var put = new Operation.Put(
            new Document(key, JsonSerializer.SerializeToUtf8Bytes(after, JsonShapes.Stored)),
            stored is null ? Condition.Absent : Condition.Is(stored.Version));
        if (await documents.CommitAsync(new Batch([put, order]), cancellation) is not CommitOutcome.Committed)
        {
            // Another watchdog was quicker.
            return false;
        }

        bell.Ring(tenant);
        LogMended(log, instance.Instance, recent.Count + 1);
        return true;
    }

    [LoggerMessage(953, LogLevel.Warning, "{Instance} was failed by the host and is started again ({Count} times within the hour).")]
    private static partial void LogMended(ILogger log, InstanceId instance, int count);

    [LoggerMessage(954, LogLevel.Error, "{Instance} was failed by the host and is left: it was started again {Count} times within the hour.")]
    private static partial void LogLeft(ILogger log, InstanceId instance, int count);

    /// <summary>Restarts of one instance, as stored. Times only.</summary>
    /// <param name="LastFailure">When it had failed that was mended last.</param>
    private sealed record Restarts(DateTimeOffset LastFailure, IReadOnlyList<DateTimeOffset> At)
    {
        public static readonly Restarts None = new(default, []);
    }
}
