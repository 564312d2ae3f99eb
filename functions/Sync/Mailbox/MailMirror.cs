using System.Collections.Immutable;
using System.Text.Json;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;

namespace PracticPro.Sync.Mailbox;

/// <summary>Mail as it is kept: envelopes, and the contacts and conversations that follow from them, in the same write.</summary>
internal sealed class MailMirror : IMirror
{
    public static readonly MailMirror Instance = new();

    private MailMirror()
    {
    }

    public string Sort => SyncKinds.Message.Documents.Name;

    /// <summary>A message touches at most a contact and a thread besides itself.</summary>
    public int Touched => 3;

    /// <summary>A conversation is mostly with one person: by the person, both are written once.</summary>
    public IEnumerable<string> FollowsFrom(MirroredItem item)
    {
        var message = (MailMessage)item;
        return message.Counterpart is { } person
            ? [$"contact|{person.Address.Normalised}", $"thread|{message.ThreadId}"]
            : [$"thread|{message.ThreadId}"];
    }

    public async ValueTask<MirroredItem?> FindAsync(
        TenantScope scope, ConnectionId connection, string sourceId, CancellationToken cancellation) =>
        (await scope.FindAsync(SyncKinds.Message, MirrorKey.Of(connection, sourceId), cancellation))?.Value;

    public async Task<MirrorChanges> ChangesAsync(
        TenantScope scope, ConnectionId connection, StreamName stream, StreamPart part, CancellationToken cancellation)
    {
        var delta = new MailDelta(scope, connection, stream);
        await delta.ReadAsync(part, cancellation);
        return new MirrorChanges([.. delta.Operations()], delta.Looked);
    }

    public async Task<ImmutableArray<string>> UnseenAsync(
        TenantScope scope, ConnectionId connection, StreamName stream, int generation, int most, CancellationToken cancellation)
    {
        // Ascending by generation: the unseen ones come first.
        var page = await scope.Records.ListAsync(
            SyncKinds.Message,
            MailMessage.ByGeneration,
            MirrorKey.Prefix(connection, stream),
            ListOrder.Ascending,
            most,
            after: null,
            cancellation);
        return
        [
            .. page.Items.Select(static item => item.Value)
                .TakeWhile(message => message.Generation < generation)
                .Select(static message => message.SourceId),
        ];
    }

    /// <summary>With the keyed hash of its counterpart's address.</summary>
    public MirroredItem Settled(TenantScope scope, MirroredItem item) => (MailMessage)item with
    {
        CounterpartHash = ((MailMessage)item).Counterpart is { } person ? MailFacts.HashOf(scope, person.Address) : null,
    };

    public Document Seal(TenantScope scope, MirroredItem settled) => scope.Records.Seal(SyncKinds.Message, (MailMessage)settled);

    public byte[] Canonical(MirroredItem item) => JsonSerializer.SerializeToUtf8Bytes((MailMessage)item, JsonShapes.Stored);

    public MirroredItem Read(ReadOnlySpan<byte> canonical) =>
        JsonSerializer.Deserialize<MailMessage>(canonical, JsonShapes.Stored) ?? throw new JsonException("A message is null.");
}
