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
int mails = sandbox.World.Mail.Count;
string source = options.MailFolder ?? "the built-in samples";
int messages = sandbox.World.Mailboxes.All.Sum(mailbox => mailbox.Count);
Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $"loaded {mails} mails from {source}; {messages} messages in {options.Mailboxes.Count} mailboxes"));
Console.WriteLine($"sandbox listening on {sandbox.Address.GetLeftPart(UriPartial.Authority)}");
await sandbox.WaitForEndAsync(CancellationToken.None);
return 0;
