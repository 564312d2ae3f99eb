using System.Text.RegularExpressions;

namespace PracticPro.Kernel;

/// <summary>
/// Something customers were told, as data: what, on whose authority, which code keeps it and which tests prove it.
/// Limits with a number in them are read from here, never written a second time.
/// </summary>
/// <param name="Id">The register's id, such as <c>APR-3</c>.</param>
/// <param name="Text">The promise in one sentence, as a customer may read it.</param>
/// <param name="Source">On whose authority.</param>
/// <param name="KeptBy">The type that keeps it.</param>
/// <param name="Limit">The number in it, if it has one.</param>
internal sealed partial record Promise(string Id, string Text, LegalSource Source, Type KeptBy, TimeSpan? Limit = null)
{
    public string Id { get; } = IdShape().IsMatch(Id) ? Id : throw new ArgumentException("Not a promise id.", nameof(Id));

    [GeneratedRegex("^[A-Z]{2,6}-[0-9]{1,2}$")]
    private static partial Regex IdShape();
}
