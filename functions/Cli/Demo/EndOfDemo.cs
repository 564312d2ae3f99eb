using System.Runtime.InteropServices;

namespace PracticPro.Cli.Demo;

/// <summary>Hears Ctrl-C and the polite signals, so that the demo ends in order and takes its server with it.</summary>
internal sealed class EndOfDemo : IDisposable
{
    private readonly CancellationTokenSource asked;
    private readonly List<PosixSignalRegistration> heard = [];

    public EndOfDemo(CancellationToken cancellation)
    {
        asked = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
        {
            heard.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                asked.Cancel();
            }));
        }
    }

    public CancellationToken Token => asked.Token;

    public bool WasAsked => asked.IsCancellationRequested;

    /// <summary>Completes when somebody asks for the end.</summary>
    public Task WhenAskedAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        asked.Token.Register(done.SetResult);
        return done.Task;
    }

    public void Dispose()
    {
        heard.ForEach(registration => registration.Dispose());
        asked.Dispose();
    }
}
