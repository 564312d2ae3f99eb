namespace PracticPro.FunctionsHost.Payload;

/// <summary>What payloads are made from besides the trigger: the clock, random ids, and where the Durable client is.</summary>
/// <param name="HubName">The task hub's name.</param>
/// <param name="RpcAddress">Where the gRPC endpoint listens now.</param>
/// <param name="WebAddress">Host and port of the host's own HTTP endpoint.</param>
internal sealed record PayloadSource(
    TimeProvider Clock, Dice Dice, string HubName, Func<string> RpcAddress, Func<string> WebAddress, string HostKey)
{
    /// <summary>What a durableClient input holds.</summary>
    public string DurableClient() =>
        $$"""{"taskHubName":{{JsonText.Quote(HubName)}},"connectionName":null,"creationUrls":null,"managementUrls":null,"baseUrl":null,"requiredQueryStringParameters":"code={{HostKey}}","rpcBaseUrl":{{JsonText.Quote(RpcAddress())}},"httpBaseUrl":"https://{{WebAddress()}}/runtime/webhooks/durabletask"}""";
}
