namespace PracticPro.Hosting.Functions.Front;

/// <summary>The process behind the front, wherever it is in its life.</summary>
internal interface IBack
{
    /// <summary>Where it listens, as soon as it does; null when it does not within the patience.</summary>
    ValueTask<BackAddresses?> ReadyAsync(TimeSpan patience, CancellationToken cancellation);
}

/// <summary>Two loopback addresses of the back.</summary>
/// <param name="Http">For what people and programs ask.</param>
/// <param name="Calls">For what the host calls. Nothing from outside is ever passed to it.</param>
internal sealed record BackAddresses(Uri Http, Uri Calls)
{
    private const string Beginning = "practicpro working at ";

    /// <summary>The line by which a back says that it listens.</summary>
    public string Line => $"{Beginning}{Http.AbsoluteUri} {Calls.AbsoluteUri}";

    public static BackAddresses? Of(string line) =>
        line.StartsWith(Beginning, StringComparison.Ordinal)
        && line[Beginning.Length..].Split(' ') is [var http, var calls]
        && Uri.TryCreate(http, UriKind.Absolute, out var first) && first.IsLoopback
        && Uri.TryCreate(calls, UriKind.Absolute, out var second) && second.IsLoopback
            ? new BackAddresses(first, second)
            : null;
}
