namespace PracticPro.Tests.Support;

/// <summary>Real time in tests, in one place: how long to be patient, and how to let other threads go first.</summary>
internal static class Deadline
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(2);

    /// <summary>Cancels when patience ends.</summary>
    public static CancellationTokenSource Start(CancellationToken cancellation)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        source.CancelAfter(Patience);
        return source;
    }

    public static Task MomentAsync(CancellationToken cancellation) => Task.Delay(Moment, TimeProvider.System, cancellation);

    /// <summary>Looks again and again, until it holds or patience ends.</summary>
    public static Task UntilAsync(Func<bool> holds, CancellationToken cancellation) =>
        UntilAsync(() => Task.FromResult(holds()), Patience, cancellation);

    /// <summary>The same, with another patience.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds, TimeSpan patience, CancellationToken cancellation)
    {
        using var source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        source.CancelAfter(patience);
        while (!await holds())
        {
            await MomentAsync(source.Token);
        }
    }
}
