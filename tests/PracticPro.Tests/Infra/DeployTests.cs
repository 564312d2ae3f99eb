using System.Diagnostics;
using System.Runtime.Versioning;
using PracticPro.Tests.Architecture;

namespace PracticPro.Tests.Infra;

/// <summary>
/// <c>scripts/deploy</c> and <c>scripts/canary</c> in a checkout of their own, with an <c>az</c> and a <c>curl</c> that write
/// down how they are called.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class DeployTests : IDisposable
{
    private const string Before = "1111111111111111111111111111111111111111";
    private readonly string folder = Directory.CreateTempSubdirectory("practicpro-deploy-").FullName;
    private readonly string commit;

    public DeployTests()
    {
        Directory.CreateDirectory(Bin);
        Directory.CreateDirectory(Checkout);
        foreach (var part in new[] { "scripts/deploy", "scripts/canary", "scripts/lib/common.sh", "infra/main.bicep" }
            .Concat(Bicep.ParameterFiles.Select(path => $"infra/{Path.GetFileName(path)}"))
            .Concat(Directory.GetFiles(Path.Combine(Source.Root, Shapes)).Select(path => $"{Shapes}/{Path.GetFileName(path)}")))
        {
            var to = Path.Combine(Checkout, part);
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(Path.Combine(Source.Root, part), to);
        }

        File.WriteAllText(Path.Combine(Checkout, ".gitignore"), ".cache/\n");
        Command("az", Az);
        Command("curl", "echo \"curl ${!#}\" >> \"$CALLS\"");
        Command("sleep", "exit 0");
        Run("git", "init", "--quiet");
        Run("git", "add", "--all");
        Run("git", "-c", "user.name=tests", "-c", "user.email=tests@practicpro.example", "commit", "--quiet", "-m", "all");
        commit = Run("git", "rev-parse", "HEAD").Said.Trim();
        Directory.CreateDirectory(Path.Combine(Checkout, ".cache", "publish"));
        File.WriteAllText(Path.Combine(Checkout, ".cache", "publish", "PracticPro-linux-x64.zip"), "zip");
        File.WriteAllText(Path.Combine(Checkout, ".cache", "publish", "PracticPro-linux-x64.cdx.json"), $"{{ \"version\": \"{commit}\" }}");
        File.WriteAllText(Path.Combine(Checkout, ".cache", "tested"), $"{commit}\n");
        File.WriteAllText(Path.Combine(folder, "calls"), "");
    }

    private const string Shapes = "tests/PracticPro.Tests/Hosting/Functions/Golden/shapes";

    /// <summary>Answers what the scripts ask, and notes the words of what would change something.</summary>
    private const string Az = """
        all="$*"
        case "$all" in
          *"deployment group show"*) name=${all##*outputs.}; echo "${name%%.value*}-of-${5#practicpro-}" ;;
          *"blob download"*--name\ history*) while [ "$1" != --file ]; do shift; done; printf '%b' "$HISTORY" > "$2" ;;
          *"blob exists"*) [ ! -e "$CALLS.unreadable" ] && echo true ;;
          *"keys list"*) echo the-key ;;
          *"log-analytics query"*) cat "$NOTED" ;;
          *"account show"*) ;;
          *) echo "az $all" >> "$CALLS" ;;
        esac
        """;

    private string Bin => Path.Combine(folder, "bin");

    private string Checkout => Path.Combine(folder, "checkout");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Without_apply_nothing_is_changed_and_only_what_if_is_asked()
    {
        var (code, said) = Script("deploy", "production");

        Assert.Equal(0, code);
        Assert.Contains("A rehearsal: nothing is changed", said, StringComparison.Ordinal);
        Assert.Contains("$ az group create --name practicpro-production --location eastus2", said, StringComparison.Ordinal);
        Assert.Equal(2, Calls.Count);
        Assert.All(Calls, call => Assert.StartsWith("az deployment group what-if ", call, StringComparison.Ordinal));
    }

    [Fact]
    public void Without_az_the_plan_is_said_all_the_same()
    {
        File.Delete(Path.Combine(Bin, "az"));

        var (code, said) = Script("deploy", "dev");
        var (applied, refusal) = Script("deploy", "dev", "--apply");

        Assert.Equal(0, code);
        Assert.Contains("az is missing or not signed in", said, StringComparison.Ordinal);
        Assert.Contains("$ az deployment group create --resource-group practicpro-dev", said, StringComparison.Ordinal);
        Assert.Equal(3, applied);
        Assert.Contains("az is missing", refusal, StringComparison.Ordinal);
        Assert.Empty(Calls);
    }

    [Fact]
    public void Production_is_reached_through_staging_and_the_canary_with_the_same_bytes()
    {
        NoteGoldens();

        var (code, said) = Script("deploy", "production-eu", "--apply");

        Assert.True(code == 0, said);
        Assert.Equal(
            [
                "az group create --name practicpro-staging --location eastus2",
                "az deployment group create --resource-group practicpro-staging",
                "az storage blob upload --account-name hostStorage-of-staging",
                "az functionapp deployment source config-zip --resource-group practicpro-staging",
                "curl https://host-of-staging/healthz",
                "az storage blob upload --account-name hostStorage-of-staging",
                "curl https://host-of-staging/healthz",
                "az storage message put --account-name hostStorage-of-staging",
                "curl /dev/null",
                "az group create --name practicpro-production-eu --location northeurope",
                "az deployment group create --resource-group practicpro-production-eu",
                "az storage blob upload --account-name hostStorage-of-production-eu",
                "az functionapp deployment source config-zip --resource-group practicpro-production-eu",
                "curl https://host-of-production-eu/healthz",
                "az storage blob upload --account-name hostStorage-of-production-eu",
            ],
            Calls.Select(Beginning));
        Assert.Contains($"--name {commit}.zip", Calls[2], StringComparison.Ordinal);
        Assert.All(Calls.Where(call => call.Contains("config-zip", StringComparison.Ordinal)), call =>
            Assert.Contains("--src .cache/publish/PracticPro-linux-x64.zip", call, StringComparison.Ordinal));
        Assert.DoesNotContain("the-key", said, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_canary_does_not_know_stops_before_production()
    {
        NoteGoldens(line => line.Replace("queue: Metadata.DequeueCount: text of number", "queue: Metadata.DequeueCount: number", StringComparison.Ordinal));

        var (code, said) = Script("deploy", "production", "--apply");

        Assert.Equal(1, code);
        Assert.Contains("queue: gone  Metadata.DequeueCount: text of number", said, StringComparison.Ordinal);
        Assert.DoesNotContain(Calls, call => call.Contains("practicpro-production", StringComparison.Ordinal));
    }

    [Fact]
    public void A_rollback_puts_the_package_before_back_and_notes_it()
    {
        var (code, said) = Script("deploy", "production", "--rollback", "--apply");

        Assert.True(code == 0, said);
        Assert.Equal(
            [
                "az storage blob download --account-name hostStorage-of-production",
                "az functionapp deployment source config-zip --resource-group practicpro-production",
                "curl https://host-of-production/healthz",
                "az storage blob upload --account-name hostStorage-of-production",
            ],
            Calls.Select(Beginning));
        Assert.Contains($"--name {Before}.zip", Calls[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData()]
    [InlineData("--rollback")]
    public void A_history_that_cannot_be_read_is_not_written_over(params string[] words)
    {
        File.WriteAllText(Path.Combine(folder, "calls.unreadable"), "");

        var (code, said) = Script("deploy", ["dev", .. words, "--apply"]);

        Assert.Equal(3, code);
        Assert.Contains("which packages practicpro-dev has run cannot be read", said, StringComparison.Ordinal);
        Assert.DoesNotContain(Calls, call => call.Contains("blob upload", StringComparison.Ordinal) || call.Contains("config-zip", StringComparison.Ordinal));
    }

    [Fact]
    public void A_rollback_without_apply_says_where_it_would_go()
    {
        var (code, said) = Script("deploy", "production", "--rollback");

        Assert.Equal(0, code);
        Assert.Contains($"production goes back to {Before}", said, StringComparison.Ordinal);
        Assert.Empty(Calls);
    }

    [Theory]
    [InlineData("scripts/deploy", "there are changes that are not committed")]
    [InlineData(".cache/tested", "the tests of this commit did not pass here")]
    [InlineData(".cache/publish/PracticPro-linux-x64.cdx.json", "is not of this commit")]
    public void What_is_not_committed_tested_and_published_is_not_deployed(string file, string refusal)
    {
        File.AppendAllText(Path.Combine(Checkout, file), "\n");
        if (file[0] == '.')
        {
            File.WriteAllText(Path.Combine(Checkout, file), Before);
        }

        var (code, said) = Script("deploy", "dev", "--apply");

        Assert.Equal(3, code);
        Assert.Contains(refusal, said, StringComparison.Ordinal);
        Assert.Empty(Calls);
    }

    private List<string> Calls => [.. File.ReadAllLines(Path.Combine(folder, "calls"))];

    /// <summary>The verb and what it is done to.</summary>
    private static string Beginning(string call)
    {
        var words = call.Split(' ');
        var option = Array.FindIndex(words, word => word.StartsWith("--", StringComparison.Ordinal));
        var length = option < 0 ? words.Length : words is [_, "group", ..] ? option + 4 : option + 2;
        return string.Join(' ', words[..length]);
    }

    /// <summary>As if the staging app had noted exactly what is golden.</summary>
    private void NoteGoldens(Func<string, string>? change = null)
    {
        var lines = Directory.GetFiles(Path.Combine(Checkout, Shapes)).SelectMany(file => File.ReadAllLines(file)
            .Where(line => !line.StartsWith('?'))
            .Select(line => $"{Path.GetFileNameWithoutExtension(file)}: {line}"));
        File.WriteAllLines(Path.Combine(folder, "noted"), lines.Select(line => change?.Invoke(line) ?? line));
    }

    private void Command(string name, string body)
    {
        var path = Path.Combine(Bin, name);
        File.WriteAllText(path, $"#!/bin/bash\n{body}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private (int Code, string Said) Script(string name, params string[] words) => Run("bash", [$"scripts/{name}", .. words]);

    private (int Code, string Said) Run(string program, params string[] words)
    {
        var start = new ProcessStartInfo(program, words)
        {
            WorkingDirectory = Checkout,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{Bin}:{start.Environment["PATH"]}";
        start.Environment["CALLS"] = Path.Combine(folder, "calls");
        start.Environment["NOTED"] = Path.Combine(folder, "noted");
        start.Environment["HISTORY"] = $"2026-11-01T00:00:00Z {Before}\\n2026-11-02T00:00:00Z 2222222222222222222222222222222222222222\\n";
        start.Environment["CANARY_TRIES"] = "2";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var said = process.StandardOutput.ReadToEnd() + errors.GetAwaiter().GetResult();
        process.WaitForExit();
        return (process.ExitCode, said);
    }
}
