using PracticPro.Sync.Published;

namespace PracticPro.Sync.Connections;

/// <summary>Tells the practice that a connection needs its owner. Written with the loss itself, gone with its mending.</summary>
/// <param name="Account">What its owner calls it.</param>
/// <param name="Because">Code of the failure; <c>Words</c> says it in words.</param>
/// <param name="At">When the provider refused.</param>
internal sealed record ConnectionNotice(
    ConnectionId Connection, Provider Provider, string Account, string Because, DateTimeOffset At)
{
    public const string ByTime = "by-time";
}
