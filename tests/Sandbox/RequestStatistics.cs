using System.Collections.Concurrent;

namespace PracticPro.Sandbox;

/// <summary>
/// Counts what was asked of the sandbox: requests by method and path template, token exchanges by grant type.
/// </summary>
internal sealed class RequestStatistics
{
    private readonly ConcurrentDictionary<string, int> _requests = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _exchanges = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, int> Requests =>
        new SortedDictionary<string, int>(_requests, StringComparer.Ordinal);

    public IReadOnlyDictionary<string, int> Exchanges =>
        new SortedDictionary<string, int>(_exchanges, StringComparer.Ordinal);

    public void CountRequest(string method, string template) => Count(_requests, $"{method} {template}");

    public void CountExchange(string grantType) => Count(_exchanges, grantType);

    public void Clear()
    {
        _requests.Clear();
        _exchanges.Clear();
    }

    private static void Count(ConcurrentDictionary<string, int> counts, string key) =>
        counts.AddOrUpdate(key, 1, (_, count) => count + 1);
}
