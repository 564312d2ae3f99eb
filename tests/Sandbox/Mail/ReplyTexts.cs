namespace PracticPro.Sandbox.Mail;

/// <summary>What the owner of a practice writes back.</summary>
internal static class ReplyTexts
{
    private static readonly string[] Openings =
        ["Thank you for your message.", "Thanks for writing.", "I have read this with care.", "Good to hear from you."];

    private static readonly string[] Middles =
    [
        "Thursday at ten would suit us; does it suit you?",
        "I will look at the invoice and come back to you tomorrow.",
        "Please send me the form when you have signed it.",
        "We can move the appointment to next week if you prefer.",
        "The room is booked and everything is ready.",
        "Could you tell me which of the two dates you meant?",
    ];

    private static readonly string[] Closings = ["Kind regards", "Best wishes", "With thanks"];

    public static string Pick(Seeded chance) =>
        $"{One(Openings, chance)}\n\n{One(Middles, chance)}\n\n{One(Closings, chance)}";

    private static string One(string[] lines, Seeded chance) => lines[chance.Below(lines.Length)];
}
