using PracticPro.Kernel;

namespace PracticPro.Storage.Drivers.Sqlite;

/// <summary>One tenant's way to its file, which is opened when it is used and may be closed in between.</summary>
internal sealed class TenantFile(OpenTenants open, TenantId tenant, TimeProvider time)
{
    public TenantId Tenant { get; } = tenant;

    /// <summary>Now, in Unix milliseconds: what the file keeps times in.</summary>
    public long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public async ValueTask<T> ReadAsync<T>(T absent, Func<Session, T> work, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var use = open.Rent(Tenant);
        await ValueTask.CompletedTask;
        return use.File.Read(absent, work);
    }

    public async ValueTask<T> WriteAsync<T>(Func<Writer, T> work, CancellationToken cancellation)
    {
        using var use = open.Rent(Tenant);
        return await use.File.WriteAsync(work, cancellation);
    }

    /// <summary>For work that has nothing to do when the tenant never stored anything.</summary>
    public async ValueTask<T> WriteIfThereAsync<T>(T absent, Func<Writer, T> work, CancellationToken cancellation)
    {
        using var use = open.Rent(Tenant);
        return await use.File.WriteIfThereAsync(absent, work, cancellation);
    }
}
