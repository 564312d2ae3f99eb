using System.Text.Json;
using PracticPro.CosmosDouble;

var (options, problem) = CommandLine.Read(args);
if (options is null)
{
    Console.Error.WriteLine(problem);
    Console.Error.WriteLine(CommandLine.Usage);
    return 2;
}

await using var server = await CosmosServer.StartAsync(options, TimeProvider.System);
Console.WriteLine(JsonSerializer.Serialize(new { endpoint = server.Endpoint }));
await server.WaitForEndAsync();
return 0;
