using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PracticPro.Pack;

/// <param name="AssetsFile">The restore's <c>project.assets.json</c>: packages, packs, who needs whom.</param>
/// <param name="LockFile">The committed <c>packages.lock.json</c>: which packages the program asks for itself.</param>
/// <param name="DepsFile">The program's <c>.deps.json</c>: which packages are in it.</param>
/// <param name="ZipFile">What the bill is of; null for none.</param>
internal sealed record SbomSources(
    string AssetsFile,
    string LockFile,
    string DepsFile,
    string? ZipFile,
    string Commit,
    DateTimeOffset At);

/// <summary>
/// A bill of materials in CycloneDX 1.6 JSON: the program, every NuGet package of its restore and every runtime pack.
/// What only helps to build has the scope <c>excluded</c>. The same sources give the same bytes.
/// </summary>
internal static class Sbom
{
    private const string Framework = "net10.0";
    private const string Target = Framework + "/linux-x64";
    private const string PackPrefix = "runtimepack.";

    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(SbomSources sources)
    {
        var packages = NuGetPackage.ReadAll(Parse(sources.AssetsFile), Target);
        var shipped = ShippedIn(Parse(sources.DepsFile));
        var program = Program(sources);
        var bill = new JsonObject
        {
            ["$schema"] = "http://cyclonedx.org/schema/bom-1.6.schema.json",
            ["bomFormat"] = "CycloneDX",
            ["specVersion"] = "1.6",
            ["version"] = 1,
            ["metadata"] = new JsonObject
            {
                ["timestamp"] = sources.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"),
                ["component"] = program,
            },
            ["components"] = new JsonArray([.. packages.Select(package => Component(package, shipped))]),
            ["dependencies"] = Dependencies((string)program["bom-ref"]!, packages, shipped, Parse(sources.LockFile)),
        };
        bill.Insert(3, "serialNumber", $"urn:uuid:{SerialOf(bill)}");
        return bill.ToJsonString(Layout) + "\n";
    }

    private static JsonObject Program(SbomSources sources)
    {
        var purl = $"pkg:generic/practicpro@{sources.Commit}";
        var program = new JsonObject
        {
            ["type"] = "application",
            ["bom-ref"] = purl,
            ["name"] = "PracticPro",
            ["version"] = sources.Commit,
            ["purl"] = purl,
        };
        if (sources.ZipFile is { } zip)
        {
            program["hashes"] = Hash("SHA-256", Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(zip))));
        }

        return program;
    }

    private static JsonObject Component(NuGetPackage package, HashSet<string> shipped)
    {
        var component = new JsonObject
        {
            ["type"] = "library",
            ["bom-ref"] = package.Purl,
            ["name"] = package.Name,
            ["version"] = package.Version,
            ["scope"] = shipped.Contains(package.Name) ? "required" : "excluded",
        };
        if (package.FileHash is { } hash)
        {
            component["hashes"] = Hash("SHA-512", hash);
        }

        if (package.License is { } license)
        {
            component["licenses"] = new JsonArray(Licence(license));
        }

        component["purl"] = package.Purl;
        if (package.ContentHash is { } content)
        {
            component["properties"] = new JsonArray(
                new JsonObject { ["name"] = "nuget:contentHash", ["value"] = content });
        }

        return component;
    }

    private static JsonObject Licence(PackageLicense license) => license switch
    {
        { Expression: { } text } => new JsonObject { ["expression"] = text },
        { File: { } file } => Named($"{file} in the package"),
        _ => Named("as at the address", license.Address),
    };

    private static JsonObject Named(string name, string? address = null)
    {
        var license = new JsonObject { ["name"] = name };
        if (address is not null)
        {
            license["url"] = address;
        }

        return new JsonObject { ["license"] = license };
    }

    private static JsonArray Dependencies(
        string program,
        IReadOnlyList<NuGetPackage> packages,
        HashSet<string> shipped,
        JsonNode locked)
    {
        var refs = packages.ToDictionary(package => package.Name, package => package.Purl, StringComparer.OrdinalIgnoreCase);
        var direct = locked["dependencies"]![Framework]!.AsObject()
            .Where(package => (string?)package.Value!["type"] == "Direct")
            .Select(package => package.Key);
        var packs = packages.Where(package => package.ContentHash is null && shipped.Contains(package.Name))
            .Select(package => package.Name);
        return
        [
            Node(program, [.. direct, .. packs]),
            .. packages.Select(package => Node(package.Purl, package.DependsOn)),
        ];

        // A package that the framework replaces is named as a dependency and was not restored.
        JsonObject Node(string from, IReadOnlyList<string> to) => new()
        {
            ["ref"] = from,
            ["dependsOn"] = new JsonArray(
                [.. to.Where(refs.ContainsKey).Select(name => (JsonNode)refs[name]).OrderBy(text => (string)text!, StringComparer.Ordinal)]),
        };
    }

    private static HashSet<string> ShippedIn(JsonNode deps) => deps["libraries"]!.AsObject()
        .Select(library => library.Key.Split('/')[0])
        .Select(name => name.StartsWith(PackPrefix, StringComparison.Ordinal) ? name[PackPrefix.Length..] : name)
        .ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Of the content, so that two bills are one when they say the same; a UUID of version 8.</summary>
    private static Guid SerialOf(JsonObject bill)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(bill.ToJsonString()))[..16];
        digest[6] = (byte)((digest[6] & 0x0F) | 0x80);
        digest[8] = (byte)((digest[8] & 0x3F) | 0x80);
        return new Guid(digest, bigEndian: true);
    }

    private static JsonArray Hash(string algorithm, string hex) =>
        [new JsonObject { ["alg"] = algorithm, ["content"] = hex }];

    private static JsonNode Parse(string file) =>
        JsonNode.Parse(File.ReadAllText(file)) ?? throw new InvalidOperationException($"{file} is empty.");
}
