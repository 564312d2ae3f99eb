using System.Globalization;
using PracticPro.Sandbox;

(SandboxOptions? options, string? problem) = CommandLine.Read(args);
if (options is null)
{
    Console.Error.WriteLine(problem);
    Console.Error.WriteLine(CommandLine.Usage);
    return 2;
}

await using SandboxHost sandbox = await SandboxHost.StartAsync(options, CancellationToken.None);
int messages = sandbox.World.Mailboxes.All.Sum(mailbox => mailbox.Count);
Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $"loaded {sandbox.World.Mail.Count} mails from {options.MailFolder ?? "the built-in samples"}; {messages} messages in {options.Mailboxes.Count} mailboxes"));
Console.WriteLine($"sandbox listening on {sandbox.Address.GetLeftPart(UriPartial.Authority)}");
await sandbox.WaitForEndAsync(CancellationToken.None);
return 0;
