using System.Collections.Immutable;

namespace PracticPro.Audit.Verify;

/// <summary>A personal value together with the salt that opens its commitment.</summary>
internal sealed record DisclosedValue(string Value, ImmutableArray<byte> Salt);

/// <summary>
/// The values of one leaf that an export discloses, one line of <c>values.jsonl</c>, lines in the log's order.
/// <code>
/// {"leaf":"leaf-01k…","v":1,"values":{"recipient":{"salt":"64 hexadecimal digits","value":"…"}}}
/// </code>
/// A leaf whose values were erased has no line. That is why a missing line is no defect: it is counted and told.
/// </summary>
internal sealed record DisclosedValues(string Leaf, ImmutableArray<Named<DisclosedValue>> Values)
{
    public byte[] ToUtf8() => new Canonical.Members(
    [
        new("leaf", Canonical.Of(Leaf)),
        new("v", Canonical.Of(1)),
        new("values", ToCanonical(Values)),
    ]).ToUtf8();

    /// <summary>The form in which values and salts are kept beside a leaf, too.</summary>
    public static Canonical ToCanonical(IEnumerable<Named<DisclosedValue>> values) =>
        new Canonical.Members(values.Select(value => new Named<Canonical>(value.Name, new Canonical.Members(
        [
            new("salt", Canonical.Of(Convert.ToHexStringLower(value.Value.Salt.AsSpan()))),
            new("value", Canonical.Of(value.Value.Value)),
        ]))));

    public static bool TryRead(ReadOnlySpan<byte> line, out DisclosedValues disclosed)
    {
        disclosed = null!;
        var reader = new CanonicalReader(line);
        if (!reader.Take("{\"leaf\":"u8) || !reader.Text(out var leaf) || !LeafWords.IsToken(leaf)
            || !reader.Take(",\"v\":1,\"values\":"u8) || !TryReadValues(ref reader, out var values)
            || !reader.Take("}"u8) || !reader.AtEnd)
        {
            return false;
        }

        disclosed = new DisclosedValues(leaf, values);
        return true;
    }

    public static bool TryReadValues(ref CanonicalReader reader, out ImmutableArray<Named<DisclosedValue>> values)
    {
        values = [];
        var read = ImmutableArray.CreateBuilder<Named<DisclosedValue>>();
        var last = "";
        do
        {
            if (!reader.Take(read.Count == 0 ? "{"u8 : ","u8)
                || !reader.Text(out var name) || !LeafWords.IsName(name) || string.CompareOrdinal(last, name) >= 0
                || !reader.Take(":{\"salt\":"u8) || !reader.Text(out var hex) || !TryReadSalt(hex, out var salt)
                || !reader.Take(",\"value\":"u8) || !reader.Text(out var value)
                || !reader.Take("}"u8))
            {
                return false;
            }

            read.Add(new(name, new DisclosedValue(value, salt)));
            last = name;
        }
        while (!reader.Take("}"u8));

        values = read.ToImmutable();
        return true;
    }

    // Upper-case digits would be a second spelling, so they are refused.
    private static bool TryReadSalt(string hex, out ImmutableArray<byte> salt)
    {
        salt = [];
        var shaped = hex.Length == 2 * ValueCommitment.SaltLength
            && hex.All(symbol => char.IsAsciiHexDigitLower(symbol));
        salt = shaped ? [.. Convert.FromHexString(hex)] : [];
        return shaped;
    }
}
