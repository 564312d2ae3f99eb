using System.Globalization;
using PracticPro.Kernel;

namespace PracticPro.Backup;

/// <summary>
/// How pieces are named:
/// <code>
/// head                           what must be there, by name and hash; replaced in every round
/// {stream}/{chain}/00000000      a whole copy of the stream's file, with which a chain begins
/// {stream}/{chain}/00000001 …    segments: the transactions that followed, in order
/// {tenant}/blobs/{blob}          a blob
/// {tenant}/blobs/index           every blob that must be there; replaced when one came or went
/// </code>
/// A stream is a tenant's file, named as the tenant, or the fleet's, named <c>fleet.db</c>. Chains are counted from 000001.
/// </summary>
internal readonly record struct PieceName(string Stream, string Chain, int Number)
{
    public const string Head = "head";
    public const string FleetStream = "fleet.db";
    private const int ChainDigits = 6;

    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Stream}/{Chain}/{Number:D8}");

    public static string ChainOf(int ordinal) =>
        ordinal.ToString("D" + ChainDigits, CultureInfo.InvariantCulture);

    public static string Blob(string tenant, string blob) => $"{tenant}/blobs/{blob}";

    public static string BlobIndex(string tenant) => $"{tenant}/blobs/index";

    public static PieceName? TryParse(string text)
    {
        var parts = text.Split('/');
        return parts.Length == 3 && parts[1].Length == ChainDigits && parts[1].All(char.IsAsciiDigit)
            && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new PieceName(parts[0], parts[1], number)
            : null;
    }

    /// <summary>Whose key seals a stream.</summary>
    public static TenantId OwnerOf(string stream) =>
        stream == FleetStream ? PieceKeys.Platform : TenantId.Parse(stream);

    public override string ToString() => Text;
}
