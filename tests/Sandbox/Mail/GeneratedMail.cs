using System.Text;

namespace PracticPro.Sandbox.Mail;

/// <summary>
/// Small letters to a practice, made from a seed, for mailboxes that need mail but no particular mail.
/// </summary>
internal static class GeneratedMail
{
    private static readonly string[] Writers =
    [
        "Ada Okafor", "Benedek Nagy", "Chiara Lombardi", "Dmitri Volkov", "Esra Yilmaz", "Fionn Byrne", "Grace Mbeki",
        "Hana Sato", "Ingrid Solheim", "Joao Tavares",
    ];

    private static readonly string[] Subjects =
    [
        "Appointment on Thursday", "Invoice question", "Change of address", "Referral letter", "Running late today",
        "Prescription renewal", "Thank you", "Insurance form", "Cancel next week", "Second opinion",
    ];

    private static readonly string[] Bodies =
    [
        "Could we move it by one hour?", "I think the last amount was counted twice.",
        "Please find the new details below.", "My doctor asked me to send this on.",
        "The bus is stuck; I will be there at a quarter past.",
    ];

    /// <summary>Letters one hour apart, the last one an hour before now.</summary>
    public static IReadOnlyList<CorpusMessage> Make(string owner, int count, Seeded chance, DateTimeOffset now) =>
        [.. Enumerable.Range(0, count).Select(at => One(owner, chance, now.AddHours(at - count), $"generated#{at}"))];

    public static CorpusMessage One(string owner, Seeded chance, DateTimeOffset at, string origin)
    {
        string writer = Writers[chance.Below(Writers.Length)];
        string mailbox = $"{writer.Split(' ')[0].ToLowerInvariant()}{chance.Below(900)}@mail.example";
        var letter = new Letter(
            $"{writer} <{mailbox}>", owner,
            $"{Subjects[chance.Below(Subjects.Length)]} ({chance.Below(10_000)})", Bodies[chance.Below(Bodies.Length)])
        {
            MessageId = chance.Token(18) + "@mail.example",
            Date = at,
        };
        return MailFolder.Message(origin, Encoding.UTF8.GetBytes(letter.Write()));
    }
}
