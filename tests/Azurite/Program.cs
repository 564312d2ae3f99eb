using System.Text.Json;
using PracticPro.Azurite;

var (options, problem) = CommandLine.Read(args);
if (options is null)
{
    Console.Error.WriteLine(problem);
    Console.Error.WriteLine(CommandLine.Usage);
    return 2;
}

var start = await AzuriteServer.TryStartAsync(options, CancellationToken.None);
if (start.Server is null)
{
    Console.Error.WriteLine(start.Missing);
    return 3;
}

await using var server = start.Server;
Console.WriteLine(JsonSerializer.Serialize(
    new { blobs = server.BlobEndpoint, queues = server.QueueEndpoint, identity = server.IdentityEndpoint, node = server.NodeId }));
if (options.UntilInputEnds)
{
    _ = Task.Run(() =>
    {
        Console.In.ReadToEnd();
        server.End();
    });
}

await server.WaitForEndAsync(CancellationToken.None);
return 0;
