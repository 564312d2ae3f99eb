using System.Security.Cryptography;
using System.Text;

namespace PracticPro.Kernel;

/// <summary>
/// A text that must not be printed: it shows as <c>***</c>, has no JSON form, and is compared in constant time.
/// Reading it is a call that names why, so that every reader can be found.
/// </summary>
internal sealed class SecretText(string value) : IEquatable<SecretText>
{
    /// <summary>The text itself.</summary>
    /// <param name="because">Why it is read here; kept for reviewers and searches, not used.</param>
    public string Reveal(string because)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(because);
        return value;
    }

    public bool Equals(SecretText? other) =>
        other is not null
        && CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(value),
            Encoding.UTF8.GetBytes(other.Reveal("comparison")));

    public override bool Equals(object? obj) => Equals(obj as SecretText);

    // Equal for all, so that the hash tells nothing of the text.
    public override int GetHashCode() => 0;

    public override string ToString() => "***";
}
