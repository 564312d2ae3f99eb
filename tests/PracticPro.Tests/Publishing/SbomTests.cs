using System.Text.Json.Nodes;
using PracticPro.Pack;
using PracticPro.Tests.Architecture;

namespace PracticPro.Tests.Publishing;

/// <summary>The bill of materials of this very build, held against what the lock file says.</summary>
public sealed class SbomTests
{
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";
    private static readonly string LockFile = Path.Combine(Source.Program, "packages.lock.json");

    private static readonly SbomSources Sources = new(
        Path.Combine(Source.Program, "obj", "project.assets.json"),
        LockFile,
        Path.Combine(AppContext.BaseDirectory, "PracticPro.deps.json"),
        ZipFile: null,
        Commit,
        new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));

    private static readonly JsonNode Bill = JsonNode.Parse(Sbom.Write(Sources))!;

    private static IEnumerable<JsonNode> Components => Bill["components"]!.AsArray().Select(component => component!);

    [Fact]
    public void Every_package_of_the_lock_file_is_there_once_with_its_version_and_content_hash()
    {
        var locked = JsonNode.Parse(File.ReadAllText(LockFile))!["dependencies"]!.AsObject()
            .SelectMany(target => target.Value!.AsObject())
            .Where(package => package.Value!["contentHash"] is not null)
            .Select(package => $"{package.Key} {package.Value!["resolved"]} {package.Value["contentHash"]}")
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();

        var billed = Components.Where(component => component["properties"] is not null)
            .Select(component => $"{component["name"]} {component["version"]} {component["properties"]![0]!["value"]}")
            .Order(StringComparer.Ordinal);

        Assert.True(locked.Count > 20);
        Assert.Equal(locked, billed);
    }

    [Fact]
    public void Every_component_has_a_purl_and_the_digest_of_its_package() => Assert.All(Components, component =>
    {
        Assert.Equal($"pkg:nuget/{component["name"]}@{component["version"]}", (string?)component["purl"]);
        Assert.Equal("SHA-512", (string?)component["hashes"]![0]!["alg"]);
        Assert.Equal(128, ((string)component["hashes"]![0]!["content"]!).Length);
    });

    [Fact]
    public void The_runtime_is_in_it()
    {
        var names = Components.Select(component => (string?)component["name"]).ToList();

        Assert.Contains("Microsoft.NETCore.App.Runtime.linux-x64", names);
        Assert.Contains("Microsoft.AspNetCore.App.Runtime.linux-x64", names);
    }

    [Fact]
    public void What_only_builds_is_told_from_what_is_deployed()
    {
        Assert.Equal("required", Scope("Google.Protobuf"));
        Assert.Equal("required", Scope("SourceGear.sqlite3"));
        Assert.Equal("excluded", Scope("Grpc.Tools"));
        Assert.Equal("excluded", Scope("Microsoft.CodeAnalysis.BannedApiAnalyzers"));
    }

    [Fact]
    public void Licences_are_as_the_packages_state_them()
    {
        var stated = Components.Single(component => (string?)component["name"] == "Azure.Core");

        Assert.Equal("MIT", (string?)stated["licenses"]![0]!["expression"]);
    }

    [Fact]
    public void The_program_is_named_with_its_commit_and_needs_what_it_asks_for()
    {
        var program = Bill["metadata"]!["component"]!;
        var needs = Bill["dependencies"]!.AsArray().Single(node => (string?)node!["ref"] == (string?)program["bom-ref"]);

        Assert.Equal(Commit, (string?)program["version"]);
        Assert.Contains(
            needs!["dependsOn"]!.AsArray(),
            purl => ((string)purl!).StartsWith("pkg:nuget/Google.Protobuf@", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_dependency_is_a_component_of_the_bill()
    {
        var known = Components.Select(component => (string)component["bom-ref"]!).ToHashSet();

        var named = Bill["dependencies"]!.AsArray().SelectMany(node => node!["dependsOn"]!.AsArray()).Select(purl => (string)purl!);

        Assert.All(named, purl => Assert.Contains(purl, known));
    }

    [Fact]
    public void The_same_sources_give_the_same_bytes() => Assert.Equal(Sbom.Write(Sources), Sbom.Write(Sources));

    [Fact]
    public void Another_commit_is_another_bill()
    {
        var other = JsonNode.Parse(Sbom.Write(Sources with { Commit = Commit.Replace('0', '9') }))!;

        Assert.NotEqual((string?)Bill["serialNumber"], (string?)other["serialNumber"]);
        Assert.Matches("^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", (string?)Bill["serialNumber"]);
    }

    private static string? Scope(string name) =>
        (string?)Components.Single(component => (string?)component["name"] == name)["scope"];
}
