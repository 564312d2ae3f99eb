using System.IO.Compression;
using System.Text;

namespace PracticPro.Tests.Canaries;

/// <summary>
/// After the whole <see cref="CanaryJourney"/>: no place holds a secret or anything personal but those it is meant for. What
/// may be where is the table here.
/// </summary>
[Trait("Promise", "ENC-1")]
[Trait("Promise", "CON-2")]
[Trait("Promise", "MIN-2")]
[Trait("Promise", "SYNC-2")]
public sealed class CanariesInEveryFlowTests : IClassFixture<CanaryJourney>
{
    private static readonly string[] Content = ["sender-", "subject of", "edited-", "rejection", "mailbox", "owner-name"];

    /// <summary>What is meant to be seen where: beginnings of names.</summary>
    private static readonly Dictionary<string, string[]> Meant = new()
    {
        // To the person who is signed in.
        ["answer bodies"] = [.. Content, "csrf-token", "second-csrf-token", "oauth-state", "bad-edit", "sign-in-name"],
        ["Set-Cookie"] = ["session-token", "second-session-token"],
        // The sign-in page shows the name again that was typed.
        ["refusals"] = ["wrong-name", "bad-edit", .. Content, "csrf-token", "second-csrf-token"],
        // The practice's own, with its personal values.
        ["audit export"] = ["mailbox"],
        ["key file"] = ["key file"],
        ["environment"] = ["client-secret"],
        ["log-framework"] = ["oauth-", "bad-address", "bad-state", "bad-code"],
    };

    private readonly CanaryJourney journey;
    private readonly CanaryScan scan = new();

    public CanariesInEveryFlowTests(CanaryJourney journey)
    {
        this.journey = journey;
        foreach (var (name, text) in journey.Texts)
        {
            scan.AddText(name, text);
        }

        foreach (var (name, bytes) in journey.Keys)
        {
            scan.AddBytes(name, bytes);
        }
    }

    [Fact]
    public void Everything_was_planted_that_is_to_be_looked_for()
    {
        Assert.True(journey.Texts.Count >= 30, string.Join(' ', journey.Texts.Keys));
        Assert.True(journey.Keys.Keys.Count(name => name.StartsWith("data key", StringComparison.Ordinal)) >= 7);
        Assert.True(journey.Keys.Keys.Count(name => name.StartsWith("key file", StringComparison.Ordinal)) >= 3);
        Assert.Equal(scan.Canaries, journey.Texts.Count + journey.Keys.Count);
    }

    [Fact]
    public void No_log_line_of_any_category_we_write_shows_one() => AssertFiles("witness", "log", atLeast: 1_000);

    /// <summary>
    /// The framework's own lines at Trace level, which the program's filters hold back and a longer category in a setting
    /// would let through: they name addresses, and so what a provider puts into one.
    /// </summary>
    [Fact]
    public void No_log_line_of_the_framework_shows_one_but_what_is_in_an_address()
    {
        AssertFiles("witness", "log-framework", atLeast: 100_000);
        Assert.Contains(scan.InFile(Path.Combine(journey.Work, "witness", "log-framework")), one => one.Canary == "oauth-code");
    }

    [Fact]
    public void What_the_program_prints_shows_none() => AssertFiles("printed", "*", atLeast: 100);

    [Fact]
    public void No_activity_shows_one() => AssertFiles("witness", "activities", atLeast: 1_000);

    [Fact]
    public void No_metric_is_tagged_with_one() => AssertFiles("witness", "metrics", atLeast: 500);

    [Fact]
    public void No_exception_says_one() => AssertFiles("witness", "exceptions", atLeast: 1_000);

    [Fact]
    public void No_file_of_the_data_folder_holds_one_but_the_key_file()
    {
        var files = Files("data", "*");
        Assert.Contains(files, file => Path.GetFileName(file).StartsWith("hub.db", StringComparison.Ordinal));
        Assert.Contains(files, file => file.EndsWith(".db-wal", StringComparison.Ordinal) || file.EndsWith(".db", StringComparison.Ordinal));
        AssertNone(files.SelectMany(file => Unmeant(
            Path.GetFileName(file).StartsWith("keys.json", StringComparison.Ordinal) ? "key file" : "data", scan.InFile(file))));
        Assert.True(scan.Looked > 200_000);
        Assert.NotEmpty(scan.InFile(Path.Combine(journey.Work, "data", "keys.json")));
    }

    [Fact]
    public void No_piece_of_the_backup_holds_one() => AssertFiles("backup", "*", atLeast: 100_000);

    [Fact]
    public void Nothing_is_left_in_the_temporary_and_the_working_folder()
    {
        AssertFiles("tmp", "*", atLeast: 0);
        AssertFiles("cwd", "*", atLeast: 0);
        Assert.Empty(Files("cwd", "*"));
    }

    [Fact]
    public void An_audit_log_without_values_holds_none() => AssertFiles("exported", "*", atLeast: 1_000);

    [Fact]
    public void The_process_table_shows_none_but_what_was_given_by_the_environment()
    {
        AssertNone(Unmeant("command line", scan.In("command line", journey.CommandLineBytes)));
        AssertNone(Unmeant("environment", scan.In("environment", journey.EnvironmentBytes)));
        Assert.True(journey.CommandLineBytes.Length > 100);
    }

    [Fact]
    public async Task No_answer_shows_one_but_to_whom_it_belongs()
    {
        Assert.True(journey.Answers.Count > 40);
        foreach (var answer in journey.Answers)
        {
            var body = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
            var name = $"{answer.RequestMessage!.Method} {answer.RequestMessage.RequestUri!.AbsolutePath} {(int)answer.StatusCode}";
            foreach (var header in answer.Headers.Concat(answer.Content.Headers))
            {
                var place = header.Key is "Set-Cookie" or "Location" ? header.Key : "headers";
                AssertNone(Unmeant(place, scan.In($"{header.Key} of {name}", Encoding.UTF8.GetBytes(string.Join('\n', header.Value)))));
            }

            if (answer.Content.Headers.ContentType?.MediaType == "application/zip")
            {
                await AssertZipAsync(body);
            }
            else
            {
                var place = answer.Content.Headers.ContentType?.MediaType == "application/problem+json" ? "problems"
                    : answer.IsSuccessStatusCode ? "answer bodies" : (int)answer.StatusCode >= 500 ? "accidents" : "refusals";
                AssertNone(Unmeant(place, scan.In($"body of {name}", body)));
            }
        }
    }

    private async Task AssertZipAsync(byte[] body)
    {
        await using var zip = new ZipArchive(new MemoryStream(body), ZipArchiveMode.Read);
        Assert.NotEmpty(zip.Entries);
        foreach (var entry in zip.Entries)
        {
            using var plain = new MemoryStream();
            await using var opened = await entry.OpenAsync(TestContext.Current.CancellationToken);
            await opened.CopyToAsync(plain, TestContext.Current.CancellationToken);
            AssertNone(Unmeant("audit export", scan.In(entry.Name, plain.ToArray())));
        }
    }

    private List<string> Files(string folder, string pattern) =>
        [.. Directory.EnumerateFiles(Path.Combine(journey.Work, folder), pattern, SearchOption.AllDirectories)
            .Where(file => new FileInfo(file).Length > 0)];

    private void AssertFiles(string folder, string pattern, long atLeast)
    {
        var found = Files(folder, pattern).SelectMany(scan.InFile).ToList();
        Assert.True(scan.Looked >= atLeast, $"Only {scan.Looked} bytes were looked at.");
        AssertNone(Unmeant(folder == "witness" ? pattern : folder, found));
    }

    private static IEnumerable<Sighting> Unmeant(string place, IEnumerable<Sighting> found) =>
        found.Where(one => !Meant.GetValueOrDefault(place, []).Any(start => one.Canary.StartsWith(start, StringComparison.Ordinal)));

    private static void AssertNone(IEnumerable<Sighting> found)
    {
        var lines = found.GroupBy(one => (one.Canary, one.Spelling, one.Place)).Select(group => $"{group.Key} {group.Count()} times").Take(40).ToList();
        Assert.True(lines.Count == 0, string.Join('\n', lines));
    }
}
