using PracticPro.Sync;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Published;

namespace PracticPro.Tests.Sync;

/// <summary>Where notifications are to come to, as it is set.</summary>
public sealed class SyncOptionsTests
{
    private static readonly Provider Calendar = Provider.Parse("google-calendar");
    private static readonly Provider Outlook = Provider.Parse("outlook");

    [Fact]
    public void Each_providers_notifications_come_to_an_address_below_the_programs_own()
    {
        var options = new SyncOptions { WebhookBaseUri = new Uri("https://practice.example") };
        Assert.Equal(new Uri("https://practice.example/webhooks/google-calendar"), options.WebhookAddressOf(Calendar));
        Assert.Equal(new Uri("https://practice.example/webhooks/outlook"), options.WebhookAddressOf(Outlook));
    }

    [Fact]
    public void An_address_that_is_set_for_a_provider_goes_before()
    {
        var own = new Uri("https://bell.example/of/the/calendar");
        var options = new SyncOptions
        {
            WebhookBaseUri = new Uri("https://practice.example/"),
            Clients = new() { [Calendar.Text] = new ProviderClient { WebhookAddress = own }, [Outlook.Text] = new ProviderClient() },
        };
        Assert.Equal(own, options.WebhookAddressOf(Calendar));
        Assert.Equal(new Uri("https://practice.example/webhooks/outlook"), options.WebhookAddressOf(Outlook));
    }

    [Fact]
    public void Where_nothing_is_set_nobody_is_asked_to_tell_of_changes()
    {
        Assert.Null(new SyncOptions().WebhookAddressOf(Calendar));
        Assert.Empty(new SyncOptions().Errors());
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(50, true)]
    [InlineData(51, false)]
    public void A_batch_holds_one_to_fifty_messages(int size, bool isAllowed) =>
        Assert.Equal(isAllowed, !new SyncOptions { BatchSize = size }.Errors().Any());

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(60_000, true)]
    [InlineData(60_001, false)]
    public void Between_two_looks_is_at_most_a_minute(int milliseconds, bool isAllowed) =>
        Assert.Equal(isAllowed, !new SyncOptions { BetweenLooks = TimeSpan.FromMilliseconds(milliseconds) }.Errors().Any());

    [Theory]
    [InlineData("https://practice.example")]
    [InlineData("https://practice.example:8443/")]
    [InlineData("http://127.0.0.1:5000")]
    public void A_host_reached_over_TLS_or_on_this_machine_is_taken(string home) =>
        Assert.Empty(new SyncOptions { WebhookBaseUri = new Uri(home) }.Errors());

    [Theory]
    [InlineData("http://practice.example")]
    [InlineData("ftp://127.0.0.1/")]
    [InlineData("practice.example")]
    [InlineData("/webhooks")]
    [InlineData("https://practice.example/webhooks")]
    [InlineData("https://practice.example/?to=us")]
    [InlineData("https://practice.example/#here")]
    [InlineData("https://somebody@practice.example")]
    public void Anything_else_stops_the_start_and_says_how_it_is_to_be_written(string home)
    {
        var error = Assert.Single(new SyncOptions { WebhookBaseUri = new Uri(home, UriKind.RelativeOrAbsolute) }.Errors());
        Assert.StartsWith("Sync:WebhookBaseUri must be https and a host", error, StringComparison.Ordinal);
    }
}
