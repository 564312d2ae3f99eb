using System.Text.Json;

namespace PracticPro.KeyVaultDouble;

/// <summary>
/// Every key of the vault. With a folder, one file a key: a change is in its file, flushed and renamed into place, before
/// it is answered, so that a killed process has lost nothing it told of. Names differ by more than case, as on the service.
/// </summary>
internal sealed class KeyShelf
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string? folder;
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, KeptKey> keys = new(StringComparer.OrdinalIgnoreCase);

    public KeyShelf(string? folder, TimeProvider time)
    {
        (this.folder, this.time) = (folder, time);
        if (folder is not null)
        {
            Directory.CreateDirectory(folder);
            foreach (var path in Directory.EnumerateFiles(folder, "*.json"))
            {
                var key = JsonSerializer.Deserialize<KeptKey>(File.ReadAllBytes(path))!;
                keys.Add(key.Name, key);
            }
        }
    }

    public long Now => time.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>The key, deleted or not, or null. One whose purge date has passed is gone.</summary>
    public KeptKey? Find(string name)
    {
        lock (gate)
        {
            return Living(name);
        }
    }

    /// <summary>Every key that is not deleted, or every one that is, by name.</summary>
    public List<KeptKey> List(bool deleted)
    {
        lock (gate)
        {
            return [.. keys.Keys.ToList().Select(Living).OfType<KeptKey>().Where(key => key.Deleted is not null == deleted)];
        }
    }

    /// <summary>Changes one key; from null makes it, to null removes it. What the change refuses changes nothing.</summary>
    public KeptKey? Change(string name, Func<KeptKey?, KeptKey?> change)
    {
        lock (gate)
        {
            var changed = change(Living(name));
            if (changed is null)
            {
                Remove(name);
            }
            else
            {
                Write(changed);
                keys[name] = changed;
            }

            return changed;
        }
    }

    private KeptKey? Living(string name)
    {
        var key = keys.GetValueOrDefault(name);
        if (key?.Deleted is { } deleted && deleted.PurgeAt <= Now)
        {
            Remove(name);
            return null;
        }

        return key;
    }

    private void Remove(string name)
    {
        if (keys.Remove(name) && folder is not null)
        {
            File.Delete(PathOf(name));
        }
    }

    private void Write(KeptKey key)
    {
        if (folder is null)
        {
            return;
        }

        var path = PathOf(key.Name);
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite | FileShare.Delete,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using var file = new FileStream(path + ".new", options);
        JsonSerializer.Serialize(file, key);
        file.Flush(flushToDisk: true);
        File.Move(path + ".new", path, overwrite: true);
        file.Flush(flushToDisk: true);
    }

    private string PathOf(string name) => Path.Combine(folder!, name.ToLowerInvariant() + ".json");
}
