namespace PracticPro.Durable.Embedded;

/// <summary>Callers who wait for an instance to get somewhere.</summary>
internal sealed class Waiters
{
    private readonly Dictionary<InstanceId, List<TaskCompletionSource<InstanceStatus?>>> byInstance = [];

    public bool Any(InstanceId instance) => byInstance.ContainsKey(instance);

    public void Add(InstanceId instance, TaskCompletionSource<InstanceStatus?> waiter)
    {
        if (!byInstance.TryGetValue(instance, out var list))
        {
            byInstance.Add(instance, list = []);
        }

        list.Add(waiter);
    }

    public void Remove(InstanceId instance, TaskCompletionSource<InstanceStatus?> waiter)
    {
        if (byInstance.TryGetValue(instance, out var list) && list.Remove(waiter) && list.Count == 0)
        {
            byInstance.Remove(instance);
        }
    }

    public void Release(InstanceId instance, InstanceStatus status)
    {
        if (byInstance.Remove(instance, out var list))
        {
            list.ForEach(waiter => waiter.TrySetResult(status));
        }
    }

    public void ReleaseAll(Exception cause)
    {
        foreach (var list in byInstance.Values)
        {
            list.ForEach(waiter => waiter.TrySetException(cause));
        }

        byInstance.Clear();
    }
}
