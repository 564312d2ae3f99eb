namespace PracticPro.Durable.Embedded;

/// <summary>Takes away completed instances after their retention, and delivery ids after their time.</summary>
internal sealed class SweepExpired(Action again) : HubCommand
{
    private const int Batch = 200;
    private bool more;

    public override void Apply(HubCore core)
    {
        var now = core.Time.GetUtcNow();
        var expired = core.Tables.Instances.Expired(now - core.Options.Retention, Batch);
        expired.ForEach(core.Purge);
        core.Tables.Deliveries.Forget(now - core.Options.DeliveryMemory);
        more = expired.Count == Batch;
    }

    public override void Committed(HubCore core)
    {
        if (more)
        {
            again();
        }
    }
}
