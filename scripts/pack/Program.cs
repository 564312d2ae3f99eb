using System.Globalization;
using PracticPro.Pack;

// Usage: zip FOLDER FILE SECONDS PROGRAM | sbom FILE COMMIT SECONDS ASSETS LOCK DEPS ZIP. SECONDS is a Unix time.
// What scripts/publish has no command for that every machine has.
switch (args)
{
    case ["zip", var folder, var file, var seconds, var program]:
        FolderZip.Write(folder, file, At(seconds), program);
        return 0;
    case ["sbom", var file, var commit, var seconds, var assets, var locked, var deps, var zip]:
        var sources = new SbomSources(assets, locked, deps, zip, commit, At(seconds));
        File.WriteAllText(file, Sbom.Write(sources));
        return 0;
    default:
        Console.Error.WriteLine("Usage: zip FOLDER FILE SECONDS PROGRAM | sbom FILE COMMIT SECONDS ASSETS LOCK DEPS ZIP");
        return 2;
}

static DateTimeOffset At(string seconds) =>
    DateTimeOffset.FromUnixTimeSeconds(long.Parse(seconds, CultureInfo.InvariantCulture));
