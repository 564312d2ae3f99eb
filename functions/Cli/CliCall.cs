using PracticPro.Kernel;

namespace PracticPro.Cli;

/// <summary>
/// One call of the program from a shell: the settings given with it, and its three streams. Output is for the answer
/// alone; whatever else there is to say goes to Error, a line a thing.
/// </summary>
/// <param name="Settings">As <c>--Section:Name value</c>, over those of files and the environment.</param>
internal sealed record CliCall(string[] Settings, TextReader Input, TextWriter Output, TextWriter Error)
{
    /// <summary>Says why on Error; gives back the exit code.</summary>
    public async Task<int> RefuseAsync(string sentence, int exitCode)
    {
        await Error.WriteLineAsync($"practicpro: {sentence}");
        return exitCode;
    }

    /// <inheritdoc cref="RefuseAsync(string,int)"/>
    public Task<int> RefuseAsync(Failure why) => RefuseAsync(why.Message, ExitCodes.Failed);
}
