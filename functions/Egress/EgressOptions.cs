namespace PracticPro.Egress;

/// <summary>Settings of the door, section <c>Egress</c>.</summary>
internal sealed class EgressOptions
{
    /// <summary>Other homes for processors, by name. For tests against a double; only loopback addresses are accepted.</summary>
    public Dictionary<string, Uri> Homes { get; init; } = [];

    /// <summary>How long one call may take. Default 30 s; 1–300 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    public IEnumerable<string> Errors()
    {
        if (Timeout < TimeSpan.FromSeconds(1) || Timeout > TimeSpan.FromMinutes(5))
        {
            yield return "Egress:Timeout must be between 1 second and 5 minutes.";
        }

        foreach (var (name, home) in Homes)
        {
            if (!home.IsAbsoluteUri || !home.IsLoopback)
            {
                yield return $"Egress:Homes:{name} must be a loopback address; a real provider's address is not a setting.";
            }
        }
    }
}
