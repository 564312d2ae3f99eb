using PracticPro.Sync.Published;

namespace PracticPro.Sync.Channels;

/// <summary>Where a connection's channels lie in their index.</summary>
internal static class ChannelIndex
{
    public const string ByConnection = "by-connection";

    public static string Prefix(ConnectionId connection) => $"{connection}|";
}
