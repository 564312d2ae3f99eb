using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PracticPro.Tests.Infra;

/// <summary>What holds for all templates, read from what the compiler made of them.</summary>
public sealed partial class TemplateTests
{
    /// <summary>
    /// Built-in roles, by their documented ids (learn.microsoft.com/azure/role-based-access-control/built-in-roles). The last
    /// one is Cosmos DB's own.
    /// </summary>
    private static readonly Dictionary<string, string> Roles = new(StringComparer.Ordinal)
    {
        ["b7e6dc6d-f1e8-4753-8033-0f276bb0955b"] = "Storage Blob Data Owner",
        ["ba92f5b4-2d11-453d-a403-e96b0029c9fe"] = "Storage Blob Data Contributor",
        ["974c5e8b-45b9-4653-ba55-5f855dd0fb88"] = "Storage Queue Data Contributor",
        ["c6a89b2d-59bc-44d0-9896-0f6e12d7b80a"] = "Storage Queue Data Message Sender",
        ["0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"] = "Storage Table Data Contributor",
        ["3913510d-42f4-4e42-8a64-420c390055eb"] = "Monitoring Metrics Publisher",
        ["4633458b-17de-408a-b874-0445c86b69e6"] = "Key Vault Secrets User",
        ["0ad04412-c4d5-4796-b79c-f76d14c8d402"] = "Durable Task Data Contributor",
        ["00000000-0000-0000-0000-000000000002"] = "Cosmos DB Built-in Data Contributor",
    };

    public static TheoryData<string> ParameterFiles => [.. Bicep.ParameterFiles.Select(path => Path.GetFileName(path))];

    [Fact]
    public async Task They_compile_without_a_warning()
    {
        var built = await Bicep.MainAsync();

        Assert.Equal((0, ""), (built.Code, built.Complaints));
    }

    [Theory]
    [MemberData(nameof(ParameterFiles))]
    public async Task Every_parameter_file_says_each_parameter_and_compiles_without_a_warning(string file)
    {
        var asked = (await Bicep.MainAsync()).Json["parameters"]!.AsObject().Select(one => one.Key);

        var (values, complaints) = await Bicep.ParametersAsync(file);

        Assert.Equal("", complaints);
        Assert.Equal(asked.Order(StringComparer.Ordinal), values.Select(one => one.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_template_is_reached_from_the_main_one_and_is_in_the_read_me()
    {
        var readMe = Bicep.Text("README.md");
        HashSet<string> reached = ["main.bicep"];
        for (var before = 0; before != reached.Count;)
        {
            before = reached.Count;
            reached.UnionWith(reached.ToList().SelectMany(file => Called().Matches(Bicep.Text(file))).Select(call => call.Groups[1].Value));
        }

        Assert.Equal(Bicep.Templates.Select(path => Path.GetFileName(path)), reached.Order(StringComparer.Ordinal));
        Assert.All(
            Bicep.Templates.Concat(Bicep.ParameterFiles),
            path => Assert.Contains($"`{Path.GetFileName(path)}`", readMe, StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_key_and_no_connection_string_is_anywhere()
    {
        string[] never = ["listKeys", "listConnectionStrings", "listSecrets", "AccountKey", "SharedAccess", "primaryKey", "primaryMasterKey", "DefaultEndpointsProtocol", "password"];
        var texts = Bicep.Templates.Concat(Bicep.ParameterFiles).Select(File.ReadAllText).Append((await Bicep.MainAsync()).Output);

        Assert.All(texts, text => Assert.All(never, word => Assert.DoesNotContain(word, text, StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public async Task The_one_setting_called_connection_string_names_where_telemetry_goes_and_opens_nothing()
    {
        var insights = await OnlyAsync("Microsoft.Insights/components");

        Assert.True(insights["properties"]!["DisableLocalAuth"]!.GetValue<bool>());
        Assert.Single(Bicep.Templates.Select(File.ReadAllText), text => text.Contains(".ConnectionString", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Signing_in_with_a_key_is_off_wherever_it_can_be_turned_off()
    {
        var accounts = await AllAsync("Microsoft.Storage/storageAccounts");
        var cosmos = (await OnlyAsync("Microsoft.DocumentDB/databaseAccounts"))["properties"]!;
        var vault = (await OnlyAsync("Microsoft.KeyVault/vaults"))["properties"]!;
        var workspace = (await OnlyAsync("Microsoft.OperationalInsights/workspaces"))["properties"]!;
        var publishing = await AllAsync("Microsoft.Web/sites/basicPublishingCredentialsPolicies");

        Assert.Equal(2, accounts.Count);
        Assert.All(accounts, account => Assert.False(account["properties"]!["allowSharedKeyAccess"]!.GetValue<bool>()));
        Assert.All(accounts, account => Assert.False(account["properties"]!["allowBlobPublicAccess"]!.GetValue<bool>()));
        Assert.True(cosmos["disableLocalAuth"]!.GetValue<bool>());
        Assert.True(cosmos["disableKeyBasedMetadataWriteAccess"]!.GetValue<bool>());
        Assert.True(vault["enableRbacAuthorization"]!.GetValue<bool>());
        Assert.True(workspace["features"]!["disableLocalAuth"]!.GetValue<bool>());
        Assert.Equal(2, publishing.Count);
        Assert.All(publishing, policy => Assert.False(policy["properties"]!["allow"]!.GetValue<bool>()));
    }

    [Fact]
    [Trait("Promise", "ENC-3")]
    public async Task Nothing_speaks_below_TLS_1_2_or_plain_HTTP()
    {
        var app = (await OnlyAsync("Microsoft.Web/sites"))["properties"]!;

        Assert.All(await AllAsync("Microsoft.Storage/storageAccounts"), account =>
        {
            Assert.Equal("TLS1_2", account["properties"]!["minimumTlsVersion"]!.GetValue<string>());
            Assert.True(account["properties"]!["supportsHttpsTrafficOnly"]!.GetValue<bool>());
        });
        Assert.Equal("Tls12", (await OnlyAsync("Microsoft.DocumentDB/databaseAccounts"))["properties"]!["minimalTlsVersion"]!.GetValue<string>());
        Assert.True(app["httpsOnly"]!.GetValue<bool>());
        Assert.Equal("1.2", app["siteConfig"]!["minTlsVersion"]!.GetValue<string>());
        Assert.Equal("Disabled", app["siteConfig"]!["ftpsState"]!.GetValue<string>());
    }

    [Fact]
    public void Every_role_is_a_documented_one_with_its_name_beside_it()
    {
        var used = Bicep.Templates
            .SelectMany(path => Guids().Matches(File.ReadAllText(path)).Select(match => (Text: File.ReadAllText(path), match.Index, match.Value)))
            .ToList();

        Assert.Equal(Roles.Keys.Order(StringComparer.Ordinal), used.Select(one => one.Value).Distinct().Order(StringComparer.Ordinal));
        Assert.All(used, one =>
        {
            var from = Math.Max(0, one.Index - 250);
            var around = one.Text[from..Math.Min(one.Text.Length, one.Index + 100)];
            Assert.Contains($"// {Roles[one.Value]}", around, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task No_role_is_given_on_the_resource_group_or_above()
    {
        var assignments = await AllAsync("Microsoft.Authorization/roleAssignments");

        Assert.True(assignments.Count >= 10);
        Assert.All(assignments, assignment => Assert.NotNull(assignment["scope"]));
        Assert.Contains("/dbs/", (await AllAsync("Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments"))[0]["properties"]!["scope"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Promise", "ENC-4")]
    public async Task The_programs_own_roles_cannot_take_back_end_or_carry_off_what_is_kept()
    {
        var words = (await AllAsync("Microsoft.Authorization/roleDefinitions"))
            .SelectMany(role => role["properties"]!["permissions"]!.AsArray())
            .SelectMany(permission => permission!["dataActions"]!.AsArray())
            .Select(action => action!.GetValue<string>())
            .ToList();

        Assert.Equal(14, words.Count);
        Assert.DoesNotContain(words, word => word.Contains('*', StringComparison.Ordinal));
        Assert.All(
            new[] { "purge", "recover", "backup", "restore", "import", "release", "blobs/delete", "manageOwnership", "modifyPermissions" },
            never => Assert.DoesNotContain(words, word => word.Contains(never, StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    [Trait("Promise", "OPS-2")]
    public async Task Logs_of_the_platform_are_of_kinds_without_content()
    {
        string[] without = ["StorageDelete", "AuditEvent", "ControlPlaneRequests", "FrontDoorWebApplicationFirewallLog"];

        var kinds = (await AllAsync("Microsoft.Insights/diagnosticSettings"))
            .SelectMany(setting => setting["properties"]!["logs"]!.AsArray())
            .Select(log => log!["category"]!.GetValue<string>())
            .ToList();

        Assert.Equal(4, kinds.Count);
        Assert.All(kinds, kind => Assert.Contains(kind, without));
        Assert.Contains(
            (await OnlyAsync("Microsoft.Network/FrontDoorWebApplicationFirewallPolicies"))["properties"]!["policySettings"]!["logScrubbing"]!["scrubbingRules"]!.AsArray(),
            rule => rule!["matchVariable"]!.GetValue<string>() == "RequestBodyJsonArgNames");
    }

    [Fact]
    [Trait("Promise", "OPS-3")]
    public async Task The_second_region_is_of_the_geography_of_the_first_and_is_not_chosen_by_hand()
    {
        var main = (await Bicep.MainAsync()).Json;
        string[][] geographies = [["eastus2", "centralus"], ["northeurope", "westeurope"]];
        var pairs = main["variables"]!["pairs"]!.AsObject();

        Assert.Equal(
            main["parameters"]!["location"]!["allowedValues"]!.AsArray().Select(one => one!.GetValue<string>()).Order(StringComparer.Ordinal),
            pairs.Select(pair => pair.Key).Order(StringComparer.Ordinal));
        Assert.All(pairs, pair => Assert.Contains(
            geographies, lands => lands.Contains(pair.Key) && lands.Contains(pair.Value!.GetValue<string>()) && pair.Key != pair.Value!.GetValue<string>()));
        Assert.False(main["parameters"]!["location"]!.AsObject().ContainsKey("defaultValue"));
    }

    [Fact]
    [Trait("Promise", "OPS-1")]
    public async Task Documents_can_be_restored_as_far_back_as_the_plan_says()
    {
        var cosmos = (await OnlyAsync("Microsoft.DocumentDB/databaseAccounts"))["properties"]!;

        Assert.Equal("Continuous", cosmos["backupPolicy"]!["type"]!.GetValue<string>());
        Assert.Contains("Continuous7Days", cosmos["backupPolicy"]!["continuousModeProperties"]!["tier"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("BoundedStaleness", cosmos["consistencyPolicy"]!["defaultConsistencyLevel"]!.GetValue<string>());
        Assert.False(cosmos["enableMultipleWriteLocations"]!.GetValue<bool>());
        foreach (var file in Bicep.ParameterFiles.Where(path => Path.GetFileName(path).StartsWith("production", StringComparison.Ordinal)))
        {
            var (values, _) = await Bicep.ParametersAsync(Path.GetFileName(file));
            Assert.Equal(30, values["backupDays"]!["value"]!.GetValue<int>());
            Assert.Equal("Locked", values["auditPolicy"]!["value"]!.GetValue<string>());
            Assert.True(values["isPrivate"]!["value"]!.GetValue<bool>());
            Assert.False(values["recordShapes"]!["value"]!.GetValue<bool>());
        }
    }

    [Fact]
    [Trait("Promise", "AUD-3")]
    public async Task Every_container_that_is_said_to_be_write_once_holds_what_is_written_to_it()
    {
        var held = (await AllAsync("Microsoft.Storage/storageAccounts/blobServices/containers"))
            .Where(container => container["properties"]?["immutableStorageWithVersioning"] is not null)
            .Select(container => container["name"]!.GetValue<string>())
            .ToList();
        var policies = await AllAsync("Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies");

        Assert.Equal((2, 2), (held.Count, policies.Count));
        Assert.All(["'audit'", "'platform'"], container =>
        {
            Assert.Single(held, name => name.Contains(container, StringComparison.Ordinal));
            Assert.Single(policies, policy => policy["name"]!.GetValue<string>().Contains(container, StringComparison.Ordinal));
        });
    }

    [Fact]
    [Trait("Promise", "OPS-1")]
    public async Task An_old_version_of_a_blob_goes_to_the_bin_at_once_so_that_it_is_gone_with_the_window_and_not_after_two()
    {
        var kept = Assert.Single(
            await AllAsync("Microsoft.Storage/storageAccounts/blobServices"),
            service => service["properties"]?["isVersioningEnabled"]?.GetValue<bool>() is true)["properties"]!["deleteRetentionPolicy"]!;
        var days = (await AllAsync("Microsoft.Storage/storageAccounts/managementPolicies"))
            .SelectMany(policy => policy["properties"]!["policy"]!["rules"]!.AsArray())
            .Select(rule => rule!["definition"]!["actions"]!["version"]?["delete"]?["daysAfterCreationGreaterThan"]?.ToJsonString())
            .OfType<string>();

        Assert.True(kept["enabled"]!.GetValue<bool>());
        Assert.Contains("backupDays", kept["days"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(["1"], days);
    }

    [Fact]
    [Trait("Promise", "ENC-4")]
    public async Task A_vault_keeps_deleted_keys_for_ninety_days_and_nobody_can_shorten_that()
    {
        var vault = (await OnlyAsync("Microsoft.KeyVault/vaults"))["properties"]!;

        Assert.True(vault["enableSoftDelete"]!.GetValue<bool>());
        Assert.True(vault["enablePurgeProtection"]!.GetValue<bool>());
        Assert.Equal(90, vault["softDeleteRetentionInDays"]!.GetValue<int>());
    }

    private static async Task<List<JsonObject>> AllAsync(string type) =>
        [.. Bicep.Resources((await Bicep.MainAsync()).Json).Where(one => one["type"]!.GetValue<string>() == type)];

    private static async Task<JsonObject> OnlyAsync(string type) => Assert.Single(await AllAsync(type));

    [GeneratedRegex(@"^(?:module \w+|@batchSize.*\nmodule \w+) '([^']+)'", RegexOptions.Multiline)]
    private static partial Regex Called();

    [GeneratedRegex("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex Guids();
}
