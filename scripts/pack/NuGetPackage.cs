using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace PracticPro.Pack;

/// <summary>A package as a restore left it.</summary>
/// <param name="ContentHash">SHA-512 of its content without signatures, base64, as lock files have it; null for a runtime pack.</param>
/// <param name="FileHash">SHA-512 of the <c>.nupkg</c>, in hex; null where the cache does not have it.</param>
/// <param name="License">What its <c>.nuspec</c> says; null when it says nothing.</param>
/// <param name="DependsOn">Names of other packages.</param>
internal sealed record NuGetPackage(
    string Name,
    string Version,
    string? ContentHash,
    string? FileHash,
    PackageLicense? License,
    IReadOnlyList<string> DependsOn)
{
    public string Purl => $"pkg:nuget/{Name}@{Version}";

    /// <summary>All packages and packs that an assets file names, by name.</summary>
    /// <param name="target">Framework and runtime whose dependencies count: <c>net10.0/linux-x64</c>.</param>
    public static IReadOnlyList<NuGetPackage> ReadAll(JsonNode assets, string target)
    {
        string[] caches = [.. assets["packageFolders"]!.AsObject().Select(folder => folder.Key)];
        var depends = assets["targets"]![target]!.AsObject();
        List<NuGetPackage> all = [];
        foreach (var (id, library) in assets["libraries"]!.AsObject())
        {
            if ((string?)library!["type"] == "package")
            {
                string[] names = [.. depends[id]?["dependencies"]?.AsObject().Select(one => one.Key) ?? []];
                var parts = id.Split('/');
                all.Add(Read(caches, parts[0], parts[1], (string?)library["sha512"], names));
            }
        }

        foreach (var framework in assets["project"]!["frameworks"]!.AsObject())
        {
            foreach (var pack in framework.Value!["downloadDependencies"]?.AsArray() ?? [])
            {
                // An exact range: [1.2.3, 1.2.3].
                var version = ((string)pack!["version"]!).Trim('[', ']').Split(',')[0];
                all.Add(Read(caches, (string)pack["name"]!, version, null, []));
            }
        }

        return [.. all.OrderBy(package => package.Name, StringComparer.Ordinal)];
    }

    private static NuGetPackage Read(string[] caches, string name, string version, string? hash, string[] depends)
    {
        var lower = name.ToLowerInvariant();
        var folder = caches.Select(cache => Path.Combine(cache, lower, version)).FirstOrDefault(Directory.Exists);
        if (folder is null)
        {
            throw new InvalidOperationException($"{name} {version} is not in the package cache; restore first.");
        }

        var file = Path.Combine(folder, $"{lower}.{version}.nupkg.sha512");
        var fileHash = File.Exists(file)
            ? Convert.ToHexStringLower(Convert.FromBase64String(File.ReadAllText(file).Trim()))
            : null;
        var license = PackageLicense.In(XDocument.Load(Path.Combine(folder, $"{lower}.nuspec")));
        return new NuGetPackage(name, version, hash, fileHash, license, depends);
    }
}

/// <summary>Exactly one of the three is there.</summary>
/// <param name="Expression">An SPDX expression.</param>
/// <param name="File">A file in the package.</param>
/// <param name="Address">Where it can be read.</param>
internal sealed record PackageLicense(string? Expression, string? File, string? Address)
{
    public static PackageLicense? In(XDocument nuspec)
    {
        var metadata = nuspec.Root!.Elements().First(element => element.Name.LocalName == "metadata");
        var license = metadata.Elements().FirstOrDefault(element => element.Name.LocalName == "license");
        var address = metadata.Elements().FirstOrDefault(element => element.Name.LocalName == "licenseUrl")?.Value.Trim();
        return (string?)license?.Attribute("type") switch
        {
            "expression" => new PackageLicense(license!.Value.Trim(), null, null),
            "file" => new PackageLicense(null, license!.Value.Trim(), null),
            _ => string.IsNullOrEmpty(address) ? null : new PackageLicense(null, null, address),
        };
    }
}
