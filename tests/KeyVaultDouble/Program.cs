// Stands where a key vault stands; see README.md.
using System.Text.Json;
using PracticPro.KeyVaultDouble;

if (KeyVaultServerOptions.Read(args) is not { } options)
{
    Console.Error.WriteLine(KeyVaultServerOptions.Usage);
    return 2;
}

await using var server = await KeyVaultServer.StartAsync(options, TimeProvider.System);
Console.WriteLine(JsonSerializer.Serialize(new { listening = server.Endpoint.AbsoluteUri, authority = server.AuthorityPath }));
await server.WaitForEndAsync();
return 0;
