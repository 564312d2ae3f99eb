using System.CommandLine;
using PracticPro.Hosting;
using PracticPro.Hosting.Functions.Declarations;

namespace PracticPro.Cli;

/// <summary>
/// <c>functions serve|work|emit</c>: the program under the Functions host. The host starts the first, which starts the
/// second; the third writes what the host reads.
/// </summary>
internal static class FunctionsVerb
{
    public static Command Command(CliCall call) => new("functions", "The program under the Functions host.")
    {
        Emit(call),
    };

    private static Command Emit(CliCall call)
    {
        var folder = new Argument<string>("DIR") { Description = "Where to. The top folder of what is published." };
        var command = new Command("emit", "Writes a folder for each function, and host.json. Prints the functions' names.") { folder };
        command.SetAction(async (line, cancellation) =>
        {
            foreach (var name in await EmitFolders.WriteAsync(Composition.Functions(), line.GetRequiredValue(folder), cancellation))
            {
                await call.Output.WriteLineAsync(name.AsMemory(), cancellation);
            }

            return ExitCodes.Done;
        });
        return command;
    }
}
