using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Simulation.Rotate;

/// <summary>
/// A port as a program with a fate sees it: every call goes through until it meets it, and what it gives out is mortal as
/// well. Made for whatever the port declares, so that a write that a port gains is met too.
/// </summary>
[SuppressMessage("Performance", "CA1852", Justification = "The proxy is made as a class derived from this one.")]
internal class Mortal : DispatchProxy
{
    // Everything else is a write.
    private static readonly string[] Reads = ["get_", "For", "Find", "List", "Walk", "Unwrap", "Versions", "Tenants", "Read", "Count", "Open"];
    private static readonly MethodInfo Valued = Method(nameof(ThroughAsync));
    private object inner = null!;
    private Fate fate = null!;

    public static T Of<T>(T inner, Fate fate)
        where T : class
    {
        var port = Create<T, Mortal>();
        var mortal = (Mortal)(object)port;
        (mortal.inner, mortal.fate) = (inner, fate);
        return port;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var method = targetMethod!;
        fate.ThrowIfDead();
        if (Reads.Any(begin => method.Name.StartsWith(begin, StringComparison.Ordinal)))
        {
            return Mortally(Call(method, args));
        }

        return method.ReturnType == typeof(ValueTask)
            ? ThroughAsync(method, args)
            : Valued.MakeGenericMethod(method.ReturnType.GetGenericArguments()).Invoke(this, [method, args]);
    }

    private static MethodInfo Method(string name) => typeof(Mortal)
        .GetMethods(BindingFlags.Instance | BindingFlags.NonPublic)
        .Single(method => method.Name == name && method.IsGenericMethodDefinition);

    private async ValueTask<T> ThroughAsync<T>(MethodInfo method, object?[]? args)
    {
        await fate.BeforeWriteAsync(IsOfKeys(args));
        var result = await (ValueTask<T>)Call(method, args)!;
        fate.AfterWrite();
        return result;
    }

    private async ValueTask ThroughAsync(MethodInfo method, object?[]? args)
    {
        await fate.BeforeWriteAsync(IsOfKeys(args));
        await (ValueTask)Call(method, args)!;
        fate.AfterWrite();
    }

    private static bool IsOfKeys(object?[]? args) =>
        args is [Batch batch, ..] && batch.Operations.Any(static step =>
            step is Operation.Put put && put.Document.Key.Kind == DataKeyRecord.Documents);

    private object? Call(MethodInfo method, object?[]? args) =>
        method.Invoke(inner, BindingFlags.DoNotWrapExceptions, null, args, null);

    private object? Mortally(object? given) => given switch
    {
        ITenantStorage tenant => Of(tenant, fate),
        IDocuments documents => Of(documents, fate),
        ILeases leases => Of(leases, fate),
        IAppendLog logs => Of(logs, fate),
        IQueue queue => Of(queue, fate),
        IBlobs blobs => Of(blobs, fate),
        _ => given,
    };
}
