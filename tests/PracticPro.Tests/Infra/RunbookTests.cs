using System.Text.RegularExpressions;
using PracticPro.Storage;
using PracticPro.Tests.Architecture;

namespace PracticPro.Tests.Infra;

/// <summary>Whoever is woken finds a page, and what woke him is something the program says.</summary>
public sealed partial class RunbookTests
{
    private static readonly string Alerts = Bicep.Text("alerts.bicep");
    private static readonly string Folder = Path.Combine(Bicep.Folder, "runbooks");

    public static TheoryData<string> Pages =>
        [.. Directory.GetFiles(Folder, "*.md").Select(path => Path.GetFileName(path)).Where(name => name != "README.md").Order(StringComparer.Ordinal)];

    [Fact]
    public void Every_alert_names_a_page_that_is_there()
    {
        var descriptions = Description().Matches(Alerts).Select(one => one.Groups[1].Value).ToList();

        Assert.Equal(11, descriptions.Count);
        Assert.All(descriptions, description =>
        {
            var page = Page().Match(description);
            Assert.True(page.Success, description);
            Assert.True(File.Exists(Path.Combine(Source.Root, page.Groups[1].Value)), description);
        });
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_page_is_in_the_index(string page) =>
        Assert.Contains($"({page})", File.ReadAllText(Path.Combine(Folder, "README.md")), StringComparison.Ordinal);

    [Fact]
    public void A_page_that_an_alert_names_says_what_a_person_at_night_needs() => Assert.All(
        Description().Matches(Alerts).Select(one => Page().Match(one.Groups[1].Value).Groups[1].Value).Distinct(),
        page => Assert.All(
            new[] { "## Seen", "## What the program does by itself", "## Look", "## Do", "## Do not", "## Over when" },
            heading => Assert.Contains($"{heading}\n", File.ReadAllText(Path.Combine(Source.Root, page)), StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_verb_setting_and_log_line_on_a_page_is_the_programs(string page)
    {
        var text = File.ReadAllText(Path.Combine(Folder, page));

        // Settings as `Section:Name`, log lines as `"…"` in quotes within a code span.
        Assert.All(SettingName().Matches(text), one => Assert.Contains(one.Groups[2].Value, Program.Value, StringComparison.Ordinal));
        Assert.All(LogLine().Matches(text), one => Assert.Contains(one.Groups[1].Value, Program.Value, StringComparison.Ordinal));
    }

    [Fact]
    public void What_an_alert_looks_for_is_said_by_the_program()
    {
        var words = Contains().Matches(Alerts).Select(one => one.Groups[1].Value).ToList();

        Assert.True(words.Count >= 6);
        Assert.All(words, phrase => Assert.True(
            phrase == $"[{Paging.EventId}] {Paging.Words}" || Program.Value.Contains(phrase, StringComparison.Ordinal), phrase));
    }

    private static Lazy<string> Program { get; } = new(() => string.Join(
        '\n', Directory.GetFiles(Source.Program, "*.cs", SearchOption.AllDirectories).Where(IsOurs).Select(File.ReadAllText)));

    private static bool IsOurs(string path) =>
        !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal);

    [GeneratedRegex(@"description: '(.*Runbook.*)'")]
    private static partial Regex Description();

    [GeneratedRegex(@"Runbook: (infra/runbooks/[a-z-]+\.md)$")]
    private static partial Regex Page();

    [GeneratedRegex("contains \"([^\"]+)\"")]
    private static partial Regex Contains();

    [GeneratedRegex("`(Functions|Sync|Scheduler|Approvals|Access|Standalone|Egress|Azure):(?:\\w+:)?(\\w+)`")]
    private static partial Regex SettingName();

    [GeneratedRegex("`\"([^\"`]+)\"`")]
    private static partial Regex LogLine();
}
