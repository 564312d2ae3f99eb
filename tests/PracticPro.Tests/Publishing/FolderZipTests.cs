using System.IO.Compression;
using PracticPro.Pack;

namespace PracticPro.Tests.Publishing;

public sealed class FolderZipTests : IDisposable
{
    private static readonly DateTimeOffset At = new(2026, 3, 4, 5, 6, 8, TimeSpan.Zero);
    private readonly string folder = Directory.CreateTempSubdirectory("zip-tests-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_same_files_give_the_same_bytes_wherever_and_in_whatever_order_they_were_written()
    {
        var one = Zip("one", "PracticPro", "b.dll", "a/function.json");
        var two = Zip("two", "a/function.json", "PracticPro", "b.dll");

        Assert.Equal(File.ReadAllBytes(one), File.ReadAllBytes(two));
    }

    [Fact]
    public void Only_the_program_may_be_run()
    {
        using var zip = ZipFile.OpenRead(Zip("app", "PracticPro", "b.dll", "deeper/PracticPro"));

        var modes = zip.Entries.ToDictionary(
            entry => entry.FullName,
            entry => Convert.ToString((entry.ExternalAttributes >> 16) & 0xFFFF, 8));
        Assert.Equal("100755", modes["PracticPro"]);
        Assert.Equal("100644", modes["b.dll"]);
        Assert.Equal("100644", modes["deeper/PracticPro"]);
    }

    [Fact]
    public void Modes_are_said_by_a_unix_system_so_that_a_reader_believes_them()
    {
        var bytes = File.ReadAllBytes(Zip("app", "PracticPro"));

        // The central directory's first entry; the upper byte of "made by" is the system, 3 for Unix.
        var entry = bytes.AsSpan().IndexOf("PK\u0001\u0002"u8);
        Assert.Equal(3, bytes[entry + 5]);
    }

    [Fact]
    public void Entries_stand_in_order_and_have_the_given_time()
    {
        using var zip = ZipFile.OpenRead(Zip("app", "b.dll", "a/function.json", "PracticPro", "B.dll"));

        Assert.Equal(["B.dll", "PracticPro", "a/function.json", "b.dll"], zip.Entries.Select(entry => entry.FullName));
        Assert.All(zip.Entries, entry => Assert.Equal(At.DateTime, entry.LastWriteTime.DateTime));
    }

    [Fact]
    public void What_comes_out_is_what_went_in()
    {
        var file = Zip("app", "b.dll", "a/function.json");

        ZipFile.ExtractToDirectory(file, Path.Combine(folder, "out"));

        Assert.Equal("a/function.json", File.ReadAllText(Path.Combine(folder, "out", "a", "function.json")));
        Assert.Equal("b.dll", File.ReadAllText(Path.Combine(folder, "out", "b.dll")));
    }

    /// <summary>Files that hold their own names.</summary>
    private string Zip(string name, params string[] files)
    {
        var from = Path.Combine(folder, name);
        foreach (var file in files)
        {
            var path = Path.Combine(from, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, file);
        }

        var zip = Path.Combine(folder, $"{name}.zip");
        FolderZip.Write(from, zip, At, "PracticPro");
        return zip;
    }
}
