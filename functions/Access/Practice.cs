namespace PracticPro.Access;

/// <summary>The practice itself: one a tenant.</summary>
/// <param name="Name">What it is called; replies are signed with it.</param>
/// <param name="Profile">The product whose promises it bought, as the promise register names it.</param>
internal sealed record Practice(string Name, string Profile, DateTimeOffset CreatedAt)
{
    public const string Id = "practice";
}
