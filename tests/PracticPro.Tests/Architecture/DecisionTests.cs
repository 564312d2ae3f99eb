using System.Globalization;

namespace PracticPro.Tests.Architecture;

/// <summary>Decision records: numbered without holes, and every one in the index.</summary>
public sealed class DecisionTests
{
    private static readonly string Folder = Path.Combine(Source.Program, "Decisions");

    private static List<string> Records =>
        [.. Directory.GetFiles(Folder, "0*.md").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Fact]
    public void Decisions_are_numbered_from_one_without_holes()
    {
        var numbers = Records.Select(name => int.Parse(name[..4], CultureInfo.InvariantCulture)).ToList();

        Assert.NotEmpty(numbers);
        Assert.Equal(Enumerable.Range(1, numbers.Count), numbers);
    }

    [Fact]
    public void Every_decision_is_in_the_index()
    {
        var index = File.ReadAllText(Path.Combine(Folder, "README.md"));

        Assert.All(Records, name => Assert.Contains($"({name})", index, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_decision_says_its_context_options_and_consequences() =>
        Assert.All(Records, name =>
        {
            var text = File.ReadAllText(Path.Combine(Folder, name));
            Assert.Contains("## Context", text, StringComparison.Ordinal);
            Assert.Contains("## Options", text, StringComparison.Ordinal);
            Assert.Contains("## Decision", text, StringComparison.Ordinal);
            Assert.Contains("## Consequences", text, StringComparison.Ordinal);
        });
}
