using System.IO.Compression;
using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Audit;

/// <summary>Where exports are written on their way out.</summary>
internal sealed class AuditExportOptions
{
    /// <summary>A folder of the program's own, inside the data folder: on the same disk, and as private.</summary>
    public required string Folder { get; init; }
}

/// <summary>
/// The exported log as one ZIP for the owner (AUD-4). The folder <see cref="ExportAuditLog"/> writes lies on disk, with
/// personal values in the clear, only until it is sent; what a crash leaves is swept at start.
/// </summary>
internal sealed class ZipAuditLog(AuditTrails trails, IStorage storage, AuditExportOptions options, TimeProvider time)
{
    /// <summary>Prepares the export. Dispose it once it is written: that removes the folder.</summary>
    public async Task<Outcome<Zip>> PrepareAsync(TenantId tenant, Actor actor, CancellationToken cancellation)
    {
        Directory.CreateDirectory(options.Folder);
        var folder = Path.Combine(options.Folder, LeafId.New(time).Text);
        var export = await trails.OpenExportAsync(tenant, cancellation);
        var outcome = await export.ExecuteAsync(folder, actor, AuditDisclosure.WithValues, cancellation);
        return outcome.Then(_ => new Zip(folder));
    }

    /// <summary>Removes what a crash left. The store is named so that the data folder is ours before anything is removed.</summary>
    public void Sweep()
    {
        ArgumentNullException.ThrowIfNull(storage);
        if (Directory.Exists(options.Folder))
        {
            Directory.Delete(options.Folder, recursive: true);
        }
    }

    /// <summary>One export, waiting to be written once.</summary>
    internal sealed class Zip(string folder) : IDisposable
    {
        /// <summary>
        /// Packs into a file of the same folder first. The archive writer writes some of its parts synchronously, which
        /// the web server's body refuses.
        /// </summary>
        public async Task WriteAsync(Stream to, CancellationToken cancellation)
        {
            string[] files = [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)];
            await using var packed = new FileStream(
                Path.Combine(folder, "packed.zip"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
            await PackAsync(files, packed, cancellation);
            packed.Position = 0;
            await packed.CopyToAsync(to, cancellation);
        }

        public void Dispose() => Directory.Delete(folder, recursive: true);

        private static async Task PackAsync(string[] files, Stream into, CancellationToken cancellation)
        {
            await using var archive = await ZipArchive.CreateAsync(
                into, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellation);
            foreach (var file in files)
            {
                var entry = archive.CreateEntry(Path.GetFileName(file), CompressionLevel.Fastest);
                await using var target = await entry.OpenAsync(cancellation);
                await using var source = File.OpenRead(file);
                await source.CopyToAsync(target, cancellation);
            }
        }
    }
}
