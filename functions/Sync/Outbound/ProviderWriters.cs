using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.Outbound;

/// <summary>Every account that is written to: passes on to the way its provider has.</summary>
internal abstract class ProviderWriters<TWriter, TOrder>(ProviderPorts<TWriter> ports) : IProviderWriter<TOrder>
    where TWriter : class, IProviderWriter<TOrder>
    where TOrder : notnull
{
    public async Task<Outcome<SenderStanding>> StandingAsync(
        TenantId tenant, ConnectionId connection, CancellationToken cancellation) =>
        (await OfAsync(tenant, connection, cancellation)).Try(out var writer, out var why)
            ? await writer.StandingAsync(tenant, connection, cancellation)
            : why;

    public async Task<Outcome<OutgoingWrite>> ComposeAsync(
        TenantId tenant, ConnectionId connection, TOrder order, CancellationToken cancellation) =>
        (await OfAsync(tenant, connection, cancellation)).Try(out var writer, out var why)
            ? await writer.ComposeAsync(tenant, connection, order, cancellation)
            : why;

    public async Task<WriteOutcome> WriteAsync(
        TenantId tenant, ConnectionId connection, SendPermit permit, OutgoingWrite write, CancellationToken cancellation) =>
        (await OfAsync(tenant, connection, cancellation)).Try(out var writer, out var why)
            ? await writer.WriteAsync(tenant, connection, permit, write, cancellation)
            : new WriteOutcome.NotDone(why);

    public async Task<Outcome<WriteTrace>> LookUpAsync(
        TenantId tenant, ConnectionId connection, TOrder order, OutgoingWrite write, CancellationToken cancellation) =>
        (await OfAsync(tenant, connection, cancellation)).Try(out var writer, out var why)
            ? await writer.LookUpAsync(tenant, connection, order, write, cancellation)
            : why;

    protected Task<Outcome<TWriter>> OfAsync(TenantId tenant, ConnectionId connection, CancellationToken cancellation) =>
        ports.OfAsync(tenant, connection, cancellation);
}

internal sealed class EventWriters(ProviderPorts<IEventWriter> ports) : ProviderWriters<IEventWriter, EventOrder>(ports), IEventWriter
{
    public async Task<Outcome<EventSnapshot>> ReadAsync(
        TenantId tenant, ConnectionId connection, EventPlace place, CancellationToken cancellation) =>
        (await OfAsync(tenant, connection, cancellation)).Try(out var writer, out var why)
            ? await writer.ReadAsync(tenant, connection, place, cancellation)
            : why;
}

internal sealed class TaskWriters(ProviderPorts<ITaskWriter> ports) : ProviderWriters<ITaskWriter, TaskOrder>(ports), ITaskWriter;
