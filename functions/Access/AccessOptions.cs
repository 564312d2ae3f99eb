namespace PracticPro.Access;

/// <summary>Settings of signing in, section <c>Access</c>.</summary>
internal sealed class AccessOptions
{
    /// <summary>Failed sign-ins for one name before the next has to wait. Default 10; 3–1,000.</summary>
    public int TriesPerName { get; init; } = 10;

    /// <summary>Failed sign-ins from one address before the next has to wait. Default 60; 3–100,000.</summary>
    public int TriesPerAddress { get; init; } = 60;

    public IEnumerable<string> Errors()
    {
        if (TriesPerName is < 3 or > 1_000)
        {
            yield return "Access:TriesPerName must be between 3 and 1,000.";
        }

        if (TriesPerAddress is < 3 or > 100_000)
        {
            yield return "Access:TriesPerAddress must be between 3 and 100,000.";
        }
    }
}
