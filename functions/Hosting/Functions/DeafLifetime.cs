using System.Runtime.InteropServices;

namespace PracticPro.Hosting.Functions;

/// <summary>
/// Hears no signal that asks to end: when the platform stops a machine, the host goes on handing out work until it kills
/// this process, and a turn that meets a closed door fails its instance for good. So the program serves until it is
/// killed, or ends by its own rules.
/// </summary>
internal sealed class DeafLifetime : IHostLifetime, IDisposable
{
    private static readonly PosixSignal[] Signals = [PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT, PosixSignal.SIGHUP];

    private readonly List<PosixSignalRegistration> registrations = [];

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        registrations.AddRange(Signals.Select(signal => PosixSignalRegistration.Create(signal, static context => context.Cancel = true)));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => registrations.ForEach(static registration => registration.Dispose());
}
