namespace PracticPro.Durable.Embedded;

/// <summary>The table <c>deliveries</c>: which event ids have been taken, by instance id.</summary>
internal sealed class DeliveryRows(HubFile file)
{
    private readonly Statement find = file.Make("SELECT 1 FROM deliveries WHERE id = ?1 AND delivery = ?2");

    private readonly Statement insert = file.Make(
        "INSERT INTO deliveries (id, delivery, raised_at) VALUES (?1, ?2, ?3)");

    private readonly Statement forget = file.Make("DELETE FROM deliveries WHERE raised_at < ?1");

    public bool Contains(InstanceId id, DeliveryId delivery)
    {
        var found = find.Bind(id.Text).Bind(delivery.Text).Step();
        find.Reset();
        return found;
    }

    public void Insert(InstanceId id, DeliveryId delivery, DateTimeOffset now) =>
        insert.Bind(id.Text).Bind(delivery.Text).Bind(now.UtcTicks).Run();

    public void Forget(DateTimeOffset before) => forget.Bind(before.UtcTicks).Run();
}
