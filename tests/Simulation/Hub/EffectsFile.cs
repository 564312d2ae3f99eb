using System.Globalization;
using System.Text;

namespace PracticPro.Simulation.Hub;

/// <summary>One delivery of an activity: the key it came with, who called, and when it began.</summary>
internal sealed record Delivery(string Key, string Instance, DateTimeOffset At);

/// <summary>
/// The world outside: a file of deliveries in the order they were made. One line is one write, and what the operating
/// system has, a killed process does not take back.
/// </summary>
internal sealed class EffectsFile(string folder) : IDisposable
{
    private readonly Lock gate = new();
    private readonly FileStream file = new(
        PathIn(folder), FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);

    public static long LengthIn(string folder) => new FileInfo(PathIn(folder)) is { Exists: true, Length: var bytes } ? bytes : 0;

    public static List<Delivery> Read(string folder) => [.. File.ReadLines(PathIn(folder)).Select(line =>
    {
        var parts = line.Split(' ');
        var at = new DateTimeOffset(long.Parse(parts[2], CultureInfo.InvariantCulture), TimeSpan.Zero);
        return new Delivery(parts[0], parts[1], at);
    })];

    public void Append(Delivery delivery)
    {
        var line = Encoding.ASCII.GetBytes($"{delivery.Key} {delivery.Instance} {delivery.At.UtcTicks}\n");
        lock (gate)
        {
            file.Write(line);
        }
    }

    public void Dispose() => file.Dispose();

    private static string PathIn(string folder) => Path.Combine(folder, "effects");
}
