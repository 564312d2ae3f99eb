namespace PracticPro.FunctionsHost.Queues;

/// <summary>Where the queue service is, as a connection string. The key is the emulator's, which is public knowledge.</summary>
internal static class QueueAddress
{
    public const string Account = "devstoreaccount1";

    private const string DevelopmentKey =
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    public static string ConnectionString(Uri service) =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={DevelopmentKey};QueueEndpoint={service}{Account};";
}
