using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.Streams;

/// <summary>
/// Keys of what belongs to a connection, by the provider's ids. Such an id stands as it is where it is at most 140 of ASCII letters,
/// digits and <c>. - _ =</c>, and as a hash of it otherwise: providers make them of up to a thousand characters.
/// </summary>
internal static class MirrorKey
{
    private const int Longest = 140;

    // Every key of every page is made by these, some of them several times: a vector at a time.
    private static readonly SearchValues<char> KeptAsTheyAre =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_=");

    /// <summary>The stream of a mailbox that is one stream. Its keys name no stream: they are older than streams.</summary>
    public static readonly StreamName Mailbox = StreamName.Parse("mailbox");

    public static string Of(ConnectionId connection, string sourceId) => $"{connection.Text}.{Short(sourceId)}";

    public static string Of(ConnectionId connection, StreamName stream) => $"{connection.Text}.{Short(stream.Text)}";

    /// <summary>Prefix of what a stream showed last, in an index by generation.</summary>
    public static string Prefix(ConnectionId connection, StreamName stream) =>
        stream == Mailbox ? $"{connection}|" : $"{connection}.{Short(stream.Text)}|";

    /// <summary>An item's place in such an index.</summary>
    public static string Place(MirroredItem item) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Prefix(item.Connection, item.Stream)}{item.Generation:D8}|{(item.Stream == Mailbox ? item.SourceId : "")}");

    private static string Short(string providers) =>
        providers.Length <= Longest && !providers.AsSpan().ContainsAnyExcept(KeptAsTheyAre)
            ? providers
            : "~" + Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(providers)));
}
