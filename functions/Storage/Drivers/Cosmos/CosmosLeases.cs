using System.Globalization;
using PracticPro.Kernel;

namespace PracticPro.Storage.Drivers.Cosmos;

/// <summary>
/// One tenant's leases: <c>{t:"s", fence, holder, granted, until}</c>, changed on the condition that nobody else did. The
/// item stays when its lease ends: it keeps the fence, which grows for ever.
/// </summary>
internal sealed class CosmosLeases(TenantPartition partition, CosmosCalls calls) : ILeases
{
    private const string Kind = "s";
    private const int Rounds = 20;

    public TenantId Tenant => partition.Tenant;

    public async ValueTask<LeaseOutcome> AcquireAsync(LeaseName name, TimeSpan duration, CancellationToken cancellation)
    {
        StorageLimits.CheckId(name.Text, "lease name");
        var length = Milliseconds.Positive(duration);
        LeaseOutcome? outcome = null;
        await ChangeAsync(
            name,
            (row, now) =>
            {
                if (row is { } held && held.Until > now)
                {
                    outcome = new LeaseOutcome.Taken(Milliseconds.At(held.Until));
                    return held;
                }

                var granted = new Row((row?.Fence ?? 0) + 1, ItemName.NewText(), now, now + length);
                outcome = new LeaseOutcome.Granted(
                    new Lease(name, granted.Fence, Milliseconds.At(granted.Until), granted.Holder));
                return granted;
            },
            cancellation);
        return outcome!;
    }

    public async ValueTask<Lease?> RenewAsync(Lease lease, TimeSpan duration, CancellationToken cancellation)
    {
        var length = Milliseconds.Positive(duration);
        Lease? renewed = null;
        await ChangeAsync(
            lease.Name,
            (row, now) =>
            {
                renewed = null;
                if (row is not { } held || !held.IsHeldBy(lease, now))
                {
                    return row;
                }

                // A short renewal does not end a lease sooner than its holder was told.
                var later = held with { GrantedAt = now, Until = Math.Max(held.Until, now + length) };
                renewed = lease with { ExpiresAt = Milliseconds.At(later.Until) };
                return later;
            },
            cancellation);
        return renewed;
    }

    public async ValueTask ReleaseAsync(Lease lease, CancellationToken cancellation) => await ChangeAsync(
        lease.Name,
        (row, now) => row is { } held && held.IsHeldBy(lease, now) ? held with { Until = 0 } : row,
        cancellation);

    /// <summary>Reads the row, asks what it is to be, and writes that if it differs; again when another was quicker.</summary>
    private async ValueTask ChangeAsync(
        LeaseName name, Func<Row?, long, Row?> change, CancellationToken cancellation)
    {
        for (var round = 1; round <= Rounds; round++)
        {
            var now = partition.Now;
            var item = await partition.ReadAsync(ItemName.Lease(name), cancellation);
            var stored = item is { } found ? Row.Read(found) : (Row?)null;
            var row = stored?.CountedAnew(now);
            var next = change(row, now);
            if (next == stored || next is not { } wanted)
            {
                return;
            }

            var write = WriteId.New();
            var text = wanted.Write(partition.Tenant, name, write);
            ItemWrite how = item is { } old
                ? new ItemWrite.Replace(old.Id, text, old.Version)
                : new ItemWrite.Create(ItemName.Lease(name), text);
            if (await partition.WriteAsync(write, how, cancellation) is not null)
            {
                return;
            }

            await calls.PauseAsync(1, cancellation);
        }

        throw new StorageUnavailableException("too many write at once");
    }

    private readonly record struct Row(long Fence, string Holder, long GrantedAt, long Until)
    {
        public bool IsHeldBy(Lease lease, long now) => Fence == lease.Fence && Holder == lease.Holder && Until > now;

        // Granted in the future: the clock was set back since. It gets its length again from now, and is not held for all
        // the time the clock went back.
        public Row CountedAnew(long now) =>
            GrantedAt > now && Until > GrantedAt ? this with { GrantedAt = now, Until = now + (Until - GrantedAt) } : this;

        public static Row Read(StoredItem item) => new(
            long.Parse(item.Text("fence"), NumberStyles.None, CultureInfo.InvariantCulture),
            item.Text("holder"),
            item.Number("granted"),
            item.Number("until"));

        public ReadOnlyMemory<byte> Write(TenantId tenant, LeaseName name, WriteId write)
        {
            var row = this;
            return ItemText.OfTenant(tenant, ItemName.Lease(name), Kind, write, json =>
            {
                json.WriteString("fence", row.Fence.ToString(CultureInfo.InvariantCulture));
                json.WriteString("holder", row.Holder);
                json.WriteNumber("granted", row.GrantedAt);
                json.WriteNumber("until", row.Until);
            });
        }
    }
}
