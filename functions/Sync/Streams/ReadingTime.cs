namespace PracticPro.Sync.Streams;

/// <summary>How long one step of a reading goes on: news and other streams wait for a step to end.</summary>
internal sealed class ReadingTime(TimeProvider time)
{
    /// <summary>After that long no further page is begun.</summary>
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(2);

    private readonly long began = time.GetTimestamp();

    public bool IsOver => time.GetElapsedTime(began) >= Most;

    public DateTimeOffset Now => time.GetUtcNow();
}
