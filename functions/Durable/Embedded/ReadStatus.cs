namespace PracticPro.Durable.Embedded;

internal sealed class ReadStatus(InstanceId instance) : HubCommand<InstanceStatus?>
{
    protected override InstanceStatus? Decide(HubCore core) => core.Tables.Instances.Status(instance);
}
