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
/// The exported log as one ZIP for the owner (AUD-4). It is on disk, with personal values in the clear, only until it is
/// sent: the folder goes when the ZIP is made, the ZIP when its stream is closed, and what a crash leaves is swept at
/// start. Made whole before the first byte is sent, so that an export that fails is an error and never a short file.
/// </summary>
internal sealed class ZipAuditLog(AuditTrails trails, IStorage storage, AuditExportOptions options, TimeProvider time)
{
    /// <summary>The ZIP, ready to be read once; closing it removes it.</summary>
    public async Task<Outcome<Stream>> RunAsync(TenantId tenant, Actor actor, CancellationToken cancellation)
    {
        Directory.CreateDirectory(options.Folder);
        var folder = Path.Combine(options.Folder, LeafId.New(time).Text);
        var export = await trails.OpenExportAsync(tenant, cancellation);
        var outcome = await export.ExecuteAsync(folder, actor, AuditDisclosure.WithValues, cancellation);
        if (!outcome.Try(out _, out var why))
        {
            return why;
        }

        try
        {
            return new(await ZipAsync(folder, cancellation));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Removes what a crash left. The store is asked for first: with it, the data folder is ours alone.</summary>
    public void Sweep()
    {
        ArgumentNullException.ThrowIfNull(storage);
        if (Directory.Exists(options.Folder))
        {
            Directory.Delete(options.Folder, recursive: true);
        }
    }

    private static async Task<Stream> ZipAsync(string folder, CancellationToken cancellation)
    {
        var zip = new FileStream(folder + ".zip", NewFile());
        try
        {
            await using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
            {
                foreach (var file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
                {
                    await archive.CreateEntryFromFileAsync(file, Path.GetFileName(file), CompressionLevel.Fastest, cancellation);
                }
            }

            zip.Position = 0;
            return zip;
        }
        catch
        {
            await zip.DisposeAsync();
            throw;
        }
    }

    private static FileStreamOptions NewFile()
    {
        var chosen = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows())
        {
            chosen.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return chosen;
    }
}
