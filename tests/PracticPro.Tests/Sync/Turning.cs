using System.Collections.Immutable;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using PracticPro.Access;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Published;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Sync;

/// <summary>Premises that can connect to a <see cref="TurningProvider"/>.</summary>
internal static class Turning
{
    public static readonly Uri Callback = new("http://127.0.0.1:9/connect/turning/callback");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<Premises> OpenAsync(
        TurningProvider provider, Func<bool>? storeIsAway = null, bool canBeGivenBack = true, IChannels? channels = null,
        Action<IServiceCollection>? more = null)
    {
        var premises = await Premises.OpenAsync(new PremisesOptions
        {
            Letters = 0,
            Clients = new()
            {
                [TurningConnector.Name.Text] = new ProviderClient
                {
                    Id = TurningProvider.ClientKey,
                    Secret = new SecretText(TurningProvider.ClientWord),
                    RedirectUri = Callback,
                    WebhookAddress = new Uri("https://practice.example/webhooks/turning"),
                },
            },
        });
        await premises.CrashAsync();
        await StartAsync(premises, provider, storeIsAway, canBeGivenBack, channels, more);
        return premises;
    }

    /// <summary>Starts the program again where it crashed.</summary>
    public static Task StartAsync(
        Premises premises, TurningProvider provider, Func<bool>? storeIsAway = null, bool canBeGivenBack = true,
        IChannels? channels = null, Action<IServiceCollection>? more = null) =>
        premises.StartAsync(
            () =>
            {
                if (storeIsAway?.Invoke() == true)
                {
                    throw new IOException("The disk is away.");
                }
            },
            services =>
            {
                services.AddSingleton(made => new TurningConnector(made.GetRequiredService<EgressDoor>(), provider.Home)
                {
                    CanBeGivenBack = canBeGivenBack,
                    Channels = channels,
                });
                services.AddSingleton<IConnector>(made => made.GetRequiredService<TurningConnector>());
                more?.Invoke(services);
            });

    /// <summary>There and back, without a consent page in between.</summary>
    public static async Task<Outcome<ConnectionId>> ConnectAsync(Premises premises, string realm, string at = "turning", SignedIn? by = null)
    {
        var page = (await premises.Get<StartConnection>().RunAsync(by ?? premises.Owner, TurningConnector.Name, Cancellation)).Expect();
        var answer = new FinishConnection.Answer(at, QueryHelpers.ParseQuery(page.Query)["state"], "a-code")
        {
            Besides = ImmutableDictionary<string, string>.Empty.Add("realmId", realm),
        };
        return await premises.Get<FinishConnection>().RunAsync(by ?? premises.Owner, answer, Cancellation);
    }
}
