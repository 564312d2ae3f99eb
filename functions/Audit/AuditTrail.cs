using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using PracticPro.Audit.Verify;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Audit;

/// <summary>
/// One tenant's audit log, for those who write to it and read it. It never writes by itself: it composes what the
/// caller puts into the batch that changes things, so that the change and its leaf are one write or none. There is no
/// call that changes or removes a leaf. Open it for one piece of work: the keys it holds run out after minutes.
/// Reading is an act too; whoever shows the log to a person logs <see cref="AuditAct.AuditRead"/>.
/// </summary>
internal sealed class AuditTrail
{
    public static readonly LogName Log = new("audit");

    private const int MaximumPage = 500;
    private const string CursorPrefix = "audit:";

    private readonly ITenantStorage storage;
    private readonly AuditValues values;
    private readonly TimeProvider time;

    /// <exception cref="ArgumentException">Storage and keys are two tenants'.</exception>
    public AuditTrail(ITenantStorage storage, TenantKeys keys, TimeProvider time)
    {
        if (storage.Tenant != keys.Tenant)
        {
            throw new ArgumentException("The keys are another tenant's.", nameof(keys));
        }

        this.storage = storage;
        this.time = time;
        values = new AuditValues(keys);
    }

    public TenantId Tenant => storage.Tenant;

    /// <summary>Leaves in the log now.</summary>
    public ValueTask<long> CountAsync(CancellationToken cancellation) => storage.Logs.CountAsync(Log, cancellation);

    /// <summary>
    /// One or two operations for the caller's batch: the leaf, and the document of its values if it has any. Compose
    /// again for a second try: a lost batch leaves nothing behind, and a leaf says when it was composed.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// A word has not the shape of an id or a name, such as a mail address where an id belongs. Nothing is quoted.
    /// </exception>
    public IReadOnlyList<Operation> Compose(AuditEntry entry)
    {
        var id = LeafId.New(time);
        var disclosed = entry.Values.Select(value => new Named<DisclosedValue>(value.Name, Salted(value.Value))).ToList();
        var append = Leaf(id, entry, time, [.. disclosed.Select(Commitment)]);
        return disclosed.Count == 0
            ? [append]
            : [append, new Operation.Put(values.Seal(id, disclosed, entry.About), Condition.Absent)];
    }

    /// <summary>
    /// The leaf of an entry without personal values, which needs no key: for whoever must write to the log and may not open
    /// the tenant.
    /// </summary>
    /// <exception cref="ArgumentException">The entry has values; or a word has not the shape of an id or a name.</exception>
    public static Operation ComposeLeaf(AuditEntry entry, TimeProvider time) =>
        entry.Values.IsEmpty
            ? Leaf(LeafId.New(time), entry, time, [])
            : throw new ArgumentException("Personal values need the tenant's keys.", nameof(entry));

    /// <summary>Up to <paramref name="count"/> leaves from an index on, oldest first; fewer at the end.</summary>
    /// <exception cref="AuditLogAlteredException">A stored leaf is not one this program writes.</exception>
    public async ValueTask<IReadOnlyList<AuditRecord>> ReadAsync(long from, int count, CancellationToken cancellation)
    {
        var entries = await storage.Logs.ReadAsync(Log, from, count, cancellation);
        var records = new List<AuditRecord>(entries.Count);
        foreach (var entry in entries)
        {
            records.Add(await OpenAsync(from + records.Count, entry, cancellation));
        }

        return records;
    }

    /// <summary>A page for people, newest first. Leaves that come in meanwhile do not shift the pages that follow.</summary>
    /// <param name="limit">Leaves a page, 1–500.</param>
    public async ValueTask<Outcome<Page<AuditRecord>>> PageAsync(
        int limit, Cursor? after, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaximumPage);
        var count = await CountAsync(cancellation);
        if (!TryReadCursor(after, count, out var end))
        {
            return new AuditFailures.CursorOfAnotherList();
        }

        var from = Math.Max(0, end - limit);
        var records = await ReadAsync(from, (int)(end - from), cancellation);
        return new Page<AuditRecord>([.. records.Reverse()], from == 0 ? null : Cursor.At($"{CursorPrefix}{from}"));
    }

    /// <summary>Values and salts of a leaf, for its owner; null when they were erased or never were.</summary>
    internal async ValueTask<Outcome<DisclosedValues>?> DiscloseAsync(AuditLeaf leaf, CancellationToken cancellation)
    {
        var id = LeafId.Parse(leaf.Id);
        if (leaf.Commitments.IsEmpty
            || await storage.Documents.FindAsync(AuditValues.Kind.Key(id.Text), cancellation) is not { } stored)
        {
            return null;
        }

        return values.Open(id, stored.Document).Match<Outcome<DisclosedValues>>(
            open => new DisclosedValues(leaf.Id, open), failure => failure);
    }

    private static Operation.Append Leaf(
        LeafId id, AuditEntry entry, TimeProvider time, ImmutableArray<Named<TreeHash>> commitments) =>
        new(Log, new AuditLeaf(
            id.Text,
            time.GetUtcNow().ToUnixTimeMilliseconds(),
            entry.Actor.Label,
            entry.Act.Word,
            [.. entry.Subjects.Select(subject => new Named<string>(subject.Kind, subject.Reference))],
            entry.Counts,
            [.. entry.Act.Promises],
            commitments).ToUtf8());

    private static bool TryReadCursor(Cursor? after, long count, out long end)
    {
        end = count;
        return after is not { } cursor
            || (cursor.Position.StartsWith(CursorPrefix, StringComparison.Ordinal)
                && long.TryParse(
                    cursor.Position.AsSpan(CursorPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out end)
                && end <= count);
    }

    private static DisclosedValue Salted(string value) =>
        new(value, [.. RandomNumberGenerator.GetBytes(ValueCommitment.SaltLength)]);

    private static Named<TreeHash> Commitment(Named<DisclosedValue> value) =>
        new(value.Name, ValueCommitment.Of(value.Value.Salt.AsSpan(), value.Name, value.Value.Value));

    private async ValueTask<AuditRecord> OpenAsync(
        long index, ReadOnlyMemory<byte> entry, CancellationToken cancellation)
    {
        if (!AuditLeafReader.TryRead(entry.Span, out var leaf) || !LeafId.TryParse(leaf.Id, out var id))
        {
            throw new AuditLogAlteredException("a stored leaf cannot be read");
        }

        if (!AuditAct.TryParse(leaf.Act, out var act))
        {
            throw new AuditLogAlteredException("a stored leaf holds an act this program does not know");
        }

        return new AuditRecord(
            index,
            id,
            DateTimeOffset.FromUnixTimeMilliseconds(leaf.AtMilliseconds),
            leaf.Actor,
            act,
            [.. leaf.Subjects.Select(subject => new AuditSubject(subject.Name, subject.Value))],
            leaf.Counts,
            leaf.Commitments.Length == 0 ? [] : await ValuesOfAsync(id, leaf, cancellation));
    }

    private async ValueTask<ImmutableArray<Named<AuditValue>>> ValuesOfAsync(
        LeafId id, AuditLeaf leaf, CancellationToken cancellation)
    {
        var stored = await storage.Documents.FindAsync(AuditValues.Kind.Key(id.Text), cancellation);
        var opened = stored is null ? default(Outcome<ImmutableArray<Named<DisclosedValue>>>?) : values.Open(id, stored.Document);
        return [.. leaf.Commitments.Select(commitment => new Named<AuditValue>(commitment.Name, opened switch
        {
            null => new AuditValue.Erased(),
            { Failure: { } failure } => new AuditValue.Unreadable(failure.Code),
            { } known => Checked(commitment, known.Expect()),
        }))];
    }

    // A value is shown only if it is the one that was logged. One that was put in its place is not.
    private static AuditValue Checked(Named<TreeHash> commitment, ImmutableArray<Named<DisclosedValue>> known)
    {
        var found = known.FirstOrDefault(value => value.Name == commitment.Name).Value;
        return found is not null
            && ValueCommitment.Of(found.Salt.AsSpan(), commitment.Name, found.Value) == commitment.Value
            ? new AuditValue.Known(found.Value)
            : new AuditValue.Unreadable("commitment-differs");
    }
}
