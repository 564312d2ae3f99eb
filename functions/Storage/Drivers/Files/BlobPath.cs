using PracticPro.Kernel;

namespace PracticPro.Storage.Drivers.Files;

/// <summary>
/// Where a blob lies: <c>blobs/{tenant}/{segment}/…/{last segment}~</c>. The mark at the end keeps a blob <c>a</c>
/// apart from the folder of a blob <c>a/b</c>; a tilde is in no blob name. Names are checked before they become a
/// path, so none leads out of its tenant's folder.
/// </summary>
internal static class BlobPath
{
    public const char Mark = '~';

    public static string Folder(DataFolder folder, TenantId tenant) => Path.Combine(folder.Blobs, tenant.Text);

    public static string Of(string tenantFolder, BlobName name) =>
        Path.Combine([tenantFolder, .. StorageLimits.Segments(name)]) + Mark;
}
