using System.Text.RegularExpressions;
using PracticPro.Backup;
using PracticPro.Durable;
using PracticPro.Hosting;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Storage.Drivers;
using PracticPro.Storage.Drivers.Cosmos;
using PracticPro.Vault;

namespace PracticPro.Cli;

/// <summary>
/// Where a verb's exceptions end: each becomes a sentence and an exit code. The words of an exception are shown only
/// where they are ours and known to hold nothing of a person; of any other only its kind is named.
/// </summary>
internal static partial class TroubleInWords
{
    public static async Task<int> GuardAsync(CliCall call, Func<Task<int>> verb)
    {
        try
        {
            return await verb();
        }
        catch (SettingsException settings)
        {
            foreach (var error in settings.Message.Split(Environment.NewLine))
            {
                await call.RefuseAsync(error, ExitCodes.NotBegun);
            }

            return ExitCodes.NotBegun;
        }
        catch (Exception trouble)
        {
            var (sentence, exitCode) = Of(trouble);
            return await call.RefuseAsync(sentence, exitCode);
        }
    }

    private static (string Sentence, int ExitCode) Of(Exception trouble) => trouble switch
    {
        DataFolderInUseException => (trouble.Message, ExitCodes.NotBegun),
        HubInUseException => (
            "The workflows of this data folder are in use by a running PracticPro. Stop it first.", ExitCodes.NotBegun),
        KeyFileException => (trouble.Message, ExitCodes.NotBegun),
        StorageNotReleasedException => (trouble.Message, ExitCodes.NotBegun),
        StorageTooNewException => (trouble.Message, ExitCodes.NotBegun),
        CosmosLayoutException => (trouble.Message, ExitCodes.NotBegun),
        KeyStoreUnavailableException store => (store.Failure.Message, ExitCodes.Failed),
        StorageUnavailableException or StorageCorruptException or BackupTargetException => (trouble.Message, ExitCodes.Failed),
        UnexpectedFailureException failed => (failed.Failure.Message, ExitCodes.Failed),
        OperationCanceledException => ("Ended before it was done.", ExitCodes.Failed),

        InvalidOperationException when WrongKind().Match(trouble.Message) is { Success: true } setting =>
            ($"{setting.Groups["name"].Value} has a value of the wrong kind.", ExitCodes.NotBegun),
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } =>
            ("The address to listen on is in use by another program. Choose one with --Standalone:Listen.", ExitCodes.NotBegun),
        IOException or UnauthorizedAccessException =>
            ("A file or folder could not be read or written. Check the data folder and who may use it.", ExitCodes.Failed),
        _ => ($"Stopped by an error of the kind {trouble.GetType().Name}.", ExitCodes.Failed),
    };

    // What the configuration binder says of a value that does not fit its setting's type. It quotes the value as well,
    // which may be a secret in the wrong place, so only the setting's name is taken out of it.
    [GeneratedRegex("at '(?<name>[A-Za-z0-9:-]+)' to type '")]
    private static partial Regex WrongKind();
}
