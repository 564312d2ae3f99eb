using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace PracticPro.Kernel;

/// <summary>
/// A text that must not be printed: it shows as <c>***</c>, has no JSON form, and is compared in constant time.
/// Reading it is a call that names why, so that every reader can be found. A setting may be one.
/// <para>It cannot be zeroed: the text is the runtime's, and stays in memory until it is collected and written over.</para>
/// </summary>
[JsonConverter(typeof(NeverJson<SecretText>))]
[TypeConverter(typeof(FromSetting))]
internal sealed class SecretText(string value) : IEquatable<SecretText>
{
    public static readonly SecretText Empty = new("");

    public bool IsEmpty => value.Length == 0;

    /// <summary>The text itself.</summary>
    /// <param name="because">Why it is read here; kept for reviewers and searches, not used.</param>
    public string Reveal(string because)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(because);
        return value;
    }

    /// <summary>
    /// Whether two texts are the same, in a time that tells nothing but whether their lengths are. Makes no copy of either.
    /// </summary>
    public static bool AreEqual(ReadOnlySpan<char> one, ReadOnlySpan<char> other) =>
        CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(one), MemoryMarshal.AsBytes(other));

    public bool Equals(SecretText? other) => other is not null && AreEqual(value, other.Reveal("comparison"));

    public override bool Equals(object? obj) => Equals(obj as SecretText);

    // Equal for all, so that the hash tells nothing of the text.
    public override int GetHashCode() => 0;

    public override string ToString() => "***";

    /// <summary>How the configuration binder makes one of a setting's text. There is no way back.</summary>
    private sealed class FromSetting : TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

        public override bool CanConvertTo(ITypeDescriptorContext? context, Type? destinationType) => false;

        public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
            value is string text ? new SecretText(text) : base.ConvertFrom(context, culture, value);
    }
}
