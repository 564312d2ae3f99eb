using System.Globalization;
using PracticPro.Vault;

namespace PracticPro.Simulation.Rotate;

/// <summary>A record whose whole content follows from its number and revision, so that whoever reads it can tell.</summary>
internal sealed record Sample(string Id, int Number, int Revision, string Phone, string Text)
{
    private const int Groups = 50;
    private const int LongestText = 700;

    public static readonly IReadOnlyList<RecordKind<Sample>> Kinds =
    [
        Kind("simulated-appointment", Purpose.Records),
        Kind("simulated-note", Purpose.Notes),
        Kind("simulated-token", Purpose.Tokens),
        Kind("simulated-person", Purpose.AuditPii),
    ];

    public static RecordKind<Sample> KindOf(int number) => Kinds[number % Kinds.Count];

    public static string IdOf(int number) => number.ToString("D7", CultureInfo.InvariantCulture);

    public static string GroupOf(int number) => (number % Groups).ToString("D2", CultureInfo.InvariantCulture);

    public static Sample Of(int number, int revision) =>
        new(IdOf(number), number, revision, PhoneOf(number), TextOf(number, revision));

    public static string PhoneOf(int number) => string.Create(CultureInfo.InvariantCulture, $"+41{number:D9}");

    /// <summary>Every eighth revision is that there is none.</summary>
    public static bool IsGone(int revision) => revision % 8 == 7;

    private static RecordKind<Sample> Kind(string name, Purpose purpose) => new(
        name,
        1,
        purpose,
        static sample => sample.Id,
        RecordIndex<Sample>.Readable("group", static sample => GroupOf(sample.Number)),
        RecordIndex<Sample>.Blind("phone", static sample => sample.Phone));

    private static string TextOf(int number, int revision)
    {
        var random = new Random(HashCode(number, revision));
        return new string((char)('a' + random.Next(26)), random.Next(40, LongestText));
    }

    private static int HashCode(int number, int revision) => unchecked((number * 1_000_003) + revision);
}
