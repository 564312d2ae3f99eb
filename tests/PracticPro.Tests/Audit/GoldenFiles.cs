using System.Text;

namespace PracticPro.Tests.Audit;

/// <summary>The files under Golden, as they were copied beside the tests. Never written over: they prove we still read them.</summary>
internal static class GoldenFiles
{
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "Audit", "Golden");

    public static string Text(string name) => Encoding.UTF8.GetString(Bytes(name));

    public static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(Folder, name));
}
