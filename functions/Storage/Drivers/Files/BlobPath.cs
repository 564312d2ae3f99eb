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
    private const int MaximumSegments = 4;
    private const int MaximumSegmentLength = 200;

    public static string Folder(DataFolder folder, TenantId tenant) => Path.Combine(folder.Blobs, tenant.Text);

    public static string Of(string tenantFolder, BlobName name) =>
        Path.Combine([tenantFolder, .. Segments(name)]) + Mark;

    public static string[] Segments(BlobName name)
    {
        var segments = (name.Text ?? string.Empty).Split('/');
        return segments.Length <= MaximumSegments && segments.All(IsSegment)
            ? segments
            : throw new ArgumentException("A blob name is 1–4 segments of [a-z0-9._-], none of them dots only.");
    }

    private static bool IsSegment(string segment) =>
        segment.Length is > 0 and <= MaximumSegmentLength
        && segment.All(symbol =>
            char.IsAsciiLetterLower(symbol) || char.IsAsciiDigit(symbol) || symbol is '.' or '_' or '-')
        && segment.Any(symbol => symbol != '.');
}
