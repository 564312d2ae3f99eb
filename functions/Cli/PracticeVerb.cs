using System.CommandLine;
using PracticPro.Access;
using PracticPro.Kernel;

namespace PracticPro.Cli;

/// <summary>
/// <c>practice create</c>: opens a practice with its first owner in a data folder no server runs on, and prints its
/// tenant id. The password comes on standard input, one line: a command line is seen by every user of the machine.
/// </summary>
internal static class PracticeVerb
{
    private const string DefaultProfile = "practice-os";

    public static Command Command(CliCall call)
    {
        var name = new Option<string>("--name") { Description = "What the practice is called; replies are signed with it.", Required = true };
        var owner = new Option<string>("--owner") { Description = "The owner's name.", Required = true };
        var signIn = new Option<string>("--sign-in") { Description = "The owner's mail address, with which they sign in.", Required = true };
        var profile = new Option<string>("--profile")
        {
            Description = "The product bought.",
            DefaultValueFactory = static _ => DefaultProfile,
        };
        var create = new Command("create", "Opens a practice with its first owner. The password is read from standard input, one line.")
        {
            name, owner, signIn, profile,
        };
        create.SetAction((parsed, cancellation) => CreateAsync(
            call,
            password => new CreatePractice.Order(
                parsed.GetRequiredValue(name), parsed.GetRequiredValue(profile), parsed.GetRequiredValue(owner),
                parsed.GetRequiredValue(signIn), password),
            cancellation));
        return new Command("practice", "Practices in the data folder.") { create };
    }

    private static async Task<int> CreateAsync(
        CliCall call, Func<SecretText, CreatePractice.Order> order, CancellationToken cancellation)
    {
        if (await call.Input.ReadLineAsync(cancellation) is not { Length: > 0 } password)
        {
            return await call.RefuseAsync("The password is read from standard input, and there was none.", ExitCodes.Usage);
        }

        await using var folder = await OpenedFolder.OpenAsync(call.Settings, cancellation);
        var outcome = await folder.Of<CreatePractice>().RunAsync(order(new SecretText(password)), cancellation);
        if (!outcome.Try(out var tenant, out var why))
        {
            return await call.RefuseAsync(why);
        }

        await call.Output.WriteLineAsync(tenant.Text);
        return ExitCodes.Done;
    }
}
