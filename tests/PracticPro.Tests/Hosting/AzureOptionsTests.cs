using Microsoft.Extensions.Configuration;
using PracticPro.Hosting;

namespace PracticPro.Tests.Hosting;

/// <summary>Stores and keys are on Azure together, or not at all, and no setting of theirs is a key.</summary>
public sealed class AzureOptionsTests
{
    private static readonly Dictionary<string, string?> Whole = new()
    {
        ["Azure:Cosmos:Endpoint"] = "https://acct.documents.azure.com",
        ["Azure:KeyVault:Endpoint"] = "https://acct.vault.azure.net/",
        ["Azure:Blobs:Endpoint"] = "https://acct.blob.core.windows.net",
        ["Azure:Blobs:AuditPolicy"] = "Locked",
        ["Azure:Queues:Endpoint"] = "https://acct.queue.core.windows.net",
    };

    [Fact]
    public void Without_any_of_them_the_program_stands_on_its_own_machine() =>
        Assert.False(From(new Dictionary<string, string?>()).Azure.IsSet);

    [Fact]
    public void With_all_of_them_it_stands_on_Azure() => Assert.True(From(Whole).Azure.IsSet);

    [Theory]
    [InlineData("Azure:Cosmos:Endpoint")]
    [InlineData("Azure:KeyVault:Endpoint")]
    [InlineData("Azure:Blobs:Endpoint")]
    [InlineData("Azure:Queues:Endpoint")]
    public void Half_of_them_is_refused_and_the_missing_one_is_named(string missing)
    {
        var half = new Dictionary<string, string?>(Whole);
        half.Remove(missing);

        var refused = Assert.Throws<SettingsException>(() => From(half));

        Assert.Contains(missing, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Promise", "ENC-3")]
    public void An_authority_of_ones_own_is_refused_for_services_elsewhere()
    {
        var file = Path.GetTempFileName();

        var refused = Assert.Throws<SettingsException>(
            () => From(new Dictionary<string, string?>(Whole) { ["Azure:LoopbackAuthority"] = file }));

        Assert.Contains("Azure:LoopbackAuthority", refused.Message, StringComparison.Ordinal);
        File.Delete(file);
    }

    private static ProgramOptions From(Dictionary<string, string?> settings) =>
        ProgramOptions.From(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
}
