namespace PracticPro.Audit;

/// <summary>Registers this room. Needs storage, keys and a signer.</summary>
internal static class AuditRegistration
{
    public static IServiceCollection AddAudit(this IServiceCollection services, AuditExportOptions export) => services
        .AddSingleton(export)
        .AddSingleton<AuditTrails>()
        .AddSingleton<ReadAudit>()
        .AddSingleton<ZipAuditLog>();
}
