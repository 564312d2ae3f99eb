// Stands where a key vault stands; see README.md.
using System.Text.Json;
using PracticPro.KeyVaultDouble;
using PracticPro.Loopback;

if (KeyVaultServerOptions.Read(UntilInputEnds.Without(args)) is not { } options)
{
    Console.Error.WriteLine(KeyVaultServerOptions.Usage);
    return 2;
}

await using var server = await KeyVaultServer.StartAsync(options, TimeProvider.System);
Console.WriteLine(JsonSerializer.Serialize(new { endpoint = server.Endpoint }));
UntilInputEnds.Watch(args, server.End);
await server.WaitForEndAsync();
return 0;
