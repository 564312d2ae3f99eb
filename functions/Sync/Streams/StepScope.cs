using System.Collections.Immutable;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Connectors;
using PracticPro.Vault;

namespace PracticPro.Sync.Streams;

/// <summary>One connection, as one step of keeping it in step finds it.</summary>
/// <param name="Roll">Null before its streams were asked for.</param>
/// <param name="Cursors">Of all its streams, also of those that are no more.</param>
/// <param name="News">What said that there may be news.</param>
internal sealed record StepScope(
    ConnectorScope Connector,
    IConnector Provider,
    Stored<StreamRoll>? Roll,
    ImmutableArray<Stored<StreamCursor>> Cursors,
    StreamNews News,
    DateTimeOffset Now)
{
    public static readonly Actor Job = new Actor.Job("mail-sync");

    public TenantScope Tenant => Connector.Tenant;

    public Connection Connection => Connector.Connection;

    /// <summary>Number of the next step of any of its streams.</summary>
    public long NextSequence => Cursors.Select(static cursor => cursor.Value.Sequence).DefaultIfEmpty().Max() + 1;

    public Stored<StreamCursor> Stored(StreamCursor cursor) => Cursors.Single(one => one.Value.Stream == cursor.Stream);

    /// <summary>The same a moment later, with that stream's cursor as it is now.</summary>
    public StepScope With(Stored<StreamCursor> moved, DateTimeOffset now) => this with
    {
        Cursors = [.. Cursors.Select(one => one.Value.Stream == moved.Value.Stream ? moved : one)],
        Now = now,
    };

    /// <summary>The same a moment later, with that stream's cursor as it will be: nothing is to be written by it.</summary>
    public StepScope With(StreamCursor moving, DateTimeOffset now) => With(Stored(moving) with { Value = moving }, now);

    public IStreamSource Source(StreamName stream) => Provider.Source(Connector, stream);

    public AuditEntry Entry(AuditAct act) => new AuditEntry(Job, act).On("connection", Connection.Id.Text);
}
