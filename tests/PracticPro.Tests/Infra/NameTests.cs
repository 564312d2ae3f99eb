using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using PracticPro.Hosting;
using PracticPro.Hosting.Functions.Workflows;
using PracticPro.Storage;
using PracticPro.Storage.Drivers.AzureBlobs;
using PracticPro.Storage.Drivers.AzureQueues;
using PracticPro.Storage.Drivers.Cosmos;
using PracticPro.Sync.Published;
using PracticPro.Tests.Architecture;
using PracticPro.Vault.Drivers.KeyVault;

namespace PracticPro.Tests.Infra;

/// <summary>Names that the templates and the program both use are the same names.</summary>
public sealed partial class NameTests
{
    /// <summary>Settings that the platform reads and the program does not, or not by its options.</summary>
    private static readonly string[] OfThePlatform =
    [
        "AzureWebJobsStorage__accountName", "AzureWebJobsStorage__credential", "AzureWebJobsStorage__clientId",
        "AzureWebJobsDisableHomepage", "APPLICATIONINSIGHTS_CONNECTION_STRING", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
    ];

    /// <summary>Without these the program would not be on Azure, or would not start there.</summary>
    private static readonly string[] Needed =
    [
        "AzureWebJobsStorage__accountName", "AzureWebJobsStorage__clientId", "APPLICATIONINSIGHTS_CONNECTION_STRING", "Standalone__Folder",
        "Azure__Cosmos__Endpoint", "Azure__KeyVault__Endpoint", "Azure__Blobs__Endpoint", "Azure__Blobs__AuditPolicy", "Azure__Queues__Endpoint",
        "Scheduler__Endpoint", "Scheduler__TaskHub", "Scheduler__Authentication", "Scheduler__ClientId", "Functions__TrustedHops",
        "Sync__GoogleClientId", "Sync__GoogleClientSecret", "Sync__RedirectUri", "Sync__WebhookBaseUri",
    ];

    /// <summary>Options of drivers, by section, as far as they are here.</summary>
    private static readonly Dictionary<string, Type?> Drivers = new(StringComparer.Ordinal)
    {
        ["Azure"] = Named("AzureOptions"),
        ["Azure:Blobs"] = typeof(AzureBlobOptions),
        ["Azure:Queues"] = typeof(AzureQueueOptions),
        ["Azure:Cosmos"] = typeof(CosmosOptions),
        ["Azure:KeyVault"] = typeof(KeyVaultOptions),
    };

    private static readonly string Functions = Bicep.Text("functions.bicep");

    private static readonly List<(string Name, string Value)> Settings =
        [.. Setting().Matches(Functions).Select(one => (one.Groups[1].Value, one.Groups[2].Value.Trim()))];

    public static TheoryData<string> Names => [.. Settings.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_setting_of_the_app_is_an_option_of_the_program_or_known_to_the_platform(string name)
    {
        if (OfThePlatform.Contains(name))
        {
            return;
        }

        var parts = name.Split("__");
        var type = typeof(ProgramOptions).GetProperty(parts[0])?.PropertyType;
        if (parts[0] == "Azure")
        {
            var section = string.Join(':', parts[..^1]);
            Assert.Contains(section, Drivers.Keys);
            type = Drivers[section];
            Assert.SkipWhen(type is null, $"The options of {section} are not part of the program yet.");
        }

        Assert.NotNull(type);
        Assert.True(type.GetProperty(parts[^1], BindingFlags.Public | BindingFlags.Instance)?.CanWrite is true, $"{type.Name} has no {parts[^1]}.");
    }

    [Fact]
    public void What_the_program_needs_on_Azure_is_set()
    {
        Assert.All(Needed, name => Assert.Contains(name, Settings.Select(one => one.Name)));
        Assert.Equal(Settings.Count, Settings.DistinctBy(one => one.Name).Count());
    }

    [Fact]
    public void The_program_takes_the_settings_as_they_are_written()
    {
        var given = Settings.ToDictionary(one => one.Name.Replace("__", ":", StringComparison.Ordinal), one => (string?)Sample(one.Name, one.Value));
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(given).Build();

        var options = ProgramOptions.From(configuration);

        Assert.True(options.Scheduler.IsSet);
        Assert.Empty(options.Sync.Errors());
        Assert.Equal(
            new Uri("https://there.example/webhooks/google-calendar"),
            options.Sync.WebhookAddressOf(Provider.Parse("google-calendar")));
        Assert.Empty(configuration.GetSection("Azure:Blobs").Get<AzureBlobOptions>()!.Errors());
        Assert.Empty(configuration.GetSection("Azure:Queues").Get<AzureQueueOptions>()!.Errors());
        Assert.Empty(configuration.GetSection("Azure:Cosmos").Get<CosmosOptions>()!.Errors());
        Assert.Empty(configuration.GetSection("Azure:KeyVault").Get<KeyVaultOptions>()!.Errors());
    }

    [Fact]
    public void Notifications_come_to_the_name_that_callers_use_and_no_setting_has_a_hyphen()
    {
        Assert.Contains(("Sync__WebhookBaseUri", "'https://${host}'"), Settings);
        Assert.Contains(("Sync__PushAudience", "'https://${host}/webhooks/gmail'"), Settings);
        Assert.DoesNotContain(Settings, static one => one.Name.Contains('-', StringComparison.Ordinal));
        Assert.Equal(Functions.Split("{ name: '").Length - 1, Settings.Count);
    }

    [Fact]
    [Trait("Promise", "AUD-3")]
    public async Task Containers_and_what_is_kept_and_deleted_in_them_are_as_the_program_says()
    {
        var storage = Bicep.Text("storage.bicep");
        var content = storage[storage.IndexOf("// ---- content", StringComparison.Ordinal)..];
        var made = ContainerOf().Matches(content).ToDictionary(
            one => one.Groups[1].Value,
            one => one.Groups[2].Value.Contains("immutableStorageWithVersioning", StringComparison.Ordinal));

        Assert.Equal(BlobLifecycle.All.ToDictionary(rule => rule.Name, rule => rule.Immutable), made);
        Assert.Contains(Line($"var auditRetentionDays = {BlobLifecycle.AuditRetentionDays}"), storage, StringComparison.Ordinal);
        var aged = Assert.Single(BlobLifecycle.All, rule => rule.DeleteAfterDays is not null);
        Assert.Equal(BlobLifecycle.Exports, aged.Name);
        Assert.Contains(Line($"var exportDays = {aged.DeleteAfterDays}"), storage, StringComparison.Ordinal);
        var (values, _) = await Bicep.ParametersAsync("production.bicepparam");
        Assert.Equal(BlobLifecycle.RestorableDays, values["backupDays"]!["value"]!.GetValue<int>());
    }

    [Fact]
    [Trait("Promise", "ISO-2")]
    public void Containers_of_records_are_partitioned_and_indexed_as_the_program_says()
    {
        var database = Bicep.Text("cosmos-database.bicep");
        var defaults = new CosmosOptions();

        Assert.All(new[] { CosmosLayout.RecordsContainer(), CosmosLayout.FleetContainer() }, container =>
        {
            var from = database.IndexOf($"id: '{container.Id}'", StringComparison.Ordinal);
            var text = database[from..database.IndexOf("options:", from, StringComparison.Ordinal)];
            Assert.Contains($"paths: ['{container.PartitionKeyPath}']", text, StringComparison.Ordinal);
            Assert.Contains("version: 2", text, StringComparison.Ordinal);
            Assert.Contains(Line($"defaultTtl: {container.DefaultTimeToLive}"), text, StringComparison.Ordinal);
            Assert.Contains($"loadJsonContent('cosmos/{container.Id}-indexing.json')", text, StringComparison.Ordinal);
            var policy = JsonNode.Parse(Bicep.Text($"cosmos/{container.Id}-indexing.json"))!;
            Assert.Equal("consistent", policy["indexingMode"]!.GetValue<string>());
            Assert.Equal(container.IndexingPolicy.IncludedPaths.Select(path => path.Path), Paths(policy["includedPaths"]!));
            Assert.Equal(container.IndexingPolicy.ExcludedPaths.Select(path => path.Path), Paths(policy["excludedPaths"]!));
        });
        Assert.Contains($"name: '{defaults.Database}'", Bicep.Text("cosmos.bicep"), StringComparison.Ordinal);
        Assert.Contains($"name: '{defaults.DedicatedPrefix}${{tenantId}}'", Bicep.Text("cosmos.bicep"), StringComparison.Ordinal);
        Assert.Contains($"value: '{defaults.Database}'", Functions, StringComparison.Ordinal);
    }

    [Fact]
    public void Queues_are_those_of_the_program_each_with_its_poison_queue()
    {
        var made = QueueNames().Match(Bicep.Text("storage.bicep")).Groups[1].Value.Split(',').Select(name => name.Trim(' ', '\'')).ToList();

        Assert.Equal(
            PlatformQueues.All.Concat(PlatformQueues.All.Select(name => name + PlatformQueues.Poison)).Order(StringComparer.Ordinal),
            made.Order(StringComparer.Ordinal));
        Assert.Contains(OrderFunctions.Bell, made);
        Assert.Contains(OrderFunctions.PoisonBell, made);
    }

    [Fact]
    public void The_canary_rings_and_starts_what_the_program_has()
    {
        var canary = File.ReadAllText(Path.Combine(Source.Root, "scripts/canary"));

        Assert.Contains($"--queue-name {OrderFunctions.Bell}", canary, StringComparison.Ordinal);
        Assert.Contains("orchestrators/keep-mailbox-in-step/", canary, StringComparison.Ordinal);
        Assert.Contains("keep-mailbox-in-step", Composition.Functions().All.Select(one => one.Name));
    }

    [Fact]
    public async Task What_the_scripts_ask_a_deployment_for_is_an_output_of_it()
    {
        var outputs = (await Bicep.MainAsync()).Json["outputs"]!.AsObject().Select(one => one.Key).ToList();
        var scripts = File.ReadAllText(Path.Combine(Source.Root, "scripts/canary")) + File.ReadAllText(Path.Combine(Source.Root, "scripts/deploy"));

        Assert.All(new[] { "app", "host", "hostStorage", "workspace" }, name =>
        {
            Assert.Contains(name, outputs);
            Assert.Matches($@"output (?:""\$\w+"" )?{name}\b", scripts);
        });
    }

    /// <summary>A value of the kind the expression has.</summary>
    private static string Sample(string name, string expression) => name switch
    {
        _ when expression is ['\'', .. var literal, '\''] && !literal.Contains('$', StringComparison.Ordinal) => literal,
        "Functions__TrustedHops" => "2",
        "Functions__RecordShapes" => "log",
        "Azure__Blobs__AuditPolicy" => "Locked",
        "Approvals__MessageIdDomain" => "outbox.practicpro.example",
        "Sync__PushServiceAccount" => "push@practicpro.example",
        _ when name.EndsWith("Endpoint", StringComparison.Ordinal) || name.EndsWith("Uri", StringComparison.Ordinal) => "https://there.example/",
        _ => "0b2c1f1e-6f0c-4a3a-9a55-3f0a3a9b1c11",
    };

    private static IEnumerable<string> Paths(JsonNode paths) => paths.AsArray().Select(one => one!["path"]!.GetValue<string>());

    private static Type? Named(string name) =>
        typeof(ProgramOptions).Assembly.GetTypes().SingleOrDefault(type => type.Name == name && type.Namespace!.StartsWith("PracticPro", StringComparison.Ordinal));

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\{ name: '([A-Za-z_]+)', value: (.+) \}")]
    private static partial Regex Setting();

    [GeneratedRegex(@"containers@[\d-]+' = \{\s+parent: contentBlobs\s+name: '(\w+)'\n((?:  .*\n)*)\}")]
    private static partial Regex ContainerOf();

    [GeneratedRegex(@"for name in \[([^\]]+)\]")]
    private static partial Regex QueueNames();
}
