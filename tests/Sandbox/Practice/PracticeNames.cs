namespace PracticPro.Sandbox.Practice;

/// <summary>The made-up people and services of the practice; telephone numbers are those kept for fiction.</summary>
internal static class PracticeNames
{
    private static readonly string[] Given =
    [
        "Ada", "Benedek", "Chiara", "Dmitri", "Esra", "Fionn", "Grace", "Hana", "Ingrid", "João", "Katarzyna", "Liam",
        "Maïa", "Noor", "Oluwaseun", "Priya", "Quentin", "Rosa", "Søren", "Tomás",
    ];

    private static readonly string[] Family =
    [
        "Okafor", "Nagy", "Lombardi", "Volkov", "Yilmaz", "Byrne", "Mbeki", "Sato", "Solheim", "Tavares", "Nowak",
        "O’Brien", "Lefèvre", "Haddad", "Adeyemi", "Raman", "Dubois", "Jiménez", "Østergaard", "García-Moreno",
    ];

    private static readonly (string City, string Region, string Code)[] Towns =
    [
        ("Portland", "ME", "04101"), ("Boston", "MA", "02110"), ("Providence", "RI", "02903"), ("Salem", "MA", "01970"),
    ];

    private static readonly string[] Streets =
        ["Harbour Row", "Mill Lane", "Birch Avenue", "Quarry Street", "Elm Court"];

    public static IReadOnlyList<PracticeService> Services { get; } =
    [
        new(1, "Initial consultation", 80, 185.00m), new(2, "Individual session", 50, 140.00m),
        new(3, "Couples session", 80, 210.00m), new(4, "Follow-up call", 20, 45.50m),
        new(5, "Written report", 0, 95.75m),
    ];

    /// <summary>Client of that number. Two of them share a name; families and addresses repeat as in life.</summary>
    public static PracticeClient Client(int number, DateOnly since, Seeded chance)
    {
        int at = number - 1;
        // The 40th client is called as the first: a name finds two people.
        string given = Given[number == 40 ? 0 : at % Given.Length];
        string family = Family[number == 40 ? 0 : (at + (at / Given.Length * 7)) % Family.Length];
        (string city, string region, string code) = Towns[chance.Below(Towns.Length)];
        return new PracticeClient(
            number, given, family, $"client{number:00}@mail.example", $"+1-207-555-{100 + number:0000}",
            new PracticeAddress(
                $"{1 + chance.Below(240)} {Streets[chance.Below(Streets.Length)]}", city, region, code, "US"),
            since);
    }
}
