using PracticPro.Access;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Tests.Support;
using PracticPro.Vault;

namespace PracticPro.Tests.Access;

public sealed class SignInTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sign_in_name_belongs_to_one_practice()
    {
        await using var premises = await Premises.OpenAsync(new() { Letters = 0 });
        var outcome = await premises.Get<CreatePractice>().RunAsync(Order("owner@practice.example"), Cancellation);
        Assert.IsType<AccessFailures.SignInTaken>(outcome.Failure);
    }

    [Fact]
    public async Task A_name_claimed_by_a_practice_that_never_came_to_be_is_free_again()
    {
        await using var premises = await Premises.OpenAsync(new() { Letters = 0 });
        var name = EmailAddress.Parse("second@practice.example");
        var left = new FleetEntry(TenantId.New(premises.Clock), PersonId.New(premises.Clock).Text);
        Assert.True(await SignInDirectory.ClaimAsync(premises.Get<FleetDirectory>(), name, left, Cancellation));
        Assert.Equal(left.Tenant, (await premises.Get<CreatePractice>().RunAsync(Order("second@practice.example"), Cancellation)).Expect());
        Assert.Equal(left.Tenant, (await premises.SignInAsync("second@practice.example")).Tenant);
    }

    [Theory]
    [InlineData("not an address", "correct horse battery")]
    [InlineData("third@practice.example", "short")]
    public async Task A_practice_needs_an_address_and_a_long_password(string name, string password)
    {
        await using var premises = await Premises.OpenAsync(new() { Letters = 0 });
        var outcome = await premises.Get<CreatePractice>().RunAsync(
            Order(name) with { Password = new SecretText(password) }, Cancellation);
        Assert.IsType<Failure.Invalid>(outcome.Failure, exactMatch: false);
    }

    [Fact]
    [Trait("Promise", "AUTH-5")]
    public async Task A_wrong_password_says_what_an_unknown_name_says_and_is_logged()
    {
        await using var premises = await Premises.OpenAsync(new() { Letters = 0 });
        var signIn = premises.Get<SignIn>();
        var wrong = await signIn.RunAsync("owner@practice.example", new SecretText("wrong horse battery"), Cancellation);
        var unknown = await signIn.RunAsync("nobody@practice.example", new SecretText("wrong horse battery"), Cancellation);
        Assert.Equal(wrong.Failure, unknown.Failure);
        Assert.Single(await premises.LeavesAsync(AuditAct.SignInFailed));
    }

    [Fact]
    [Trait("Promise", "AUTH-4")]
    public async Task A_session_ends_when_it_is_ended_and_when_its_time_is_up()
    {
        await using var premises = await Premises.OpenAsync(new() { Letters = 0 });
        var sessions = premises.Get<Sessions>();
        var result = (await premises.Get<SignIn>().RunAsync("owner@practice.example", new SecretText(Premises.Password), Cancellation)).Expect();
        var signedIn = (await sessions.FindAsync(result.Tenant, result.Token, Cancellation)).Expect();
        await sessions.EndAsync(signedIn, Cancellation);
        Assert.IsType<AccessFailures.NotSignedIn>((await sessions.FindAsync(result.Tenant, result.Token, Cancellation)).Failure);

        var again = (await premises.Get<SignIn>().RunAsync("owner@practice.example", new SecretText(Premises.Password), Cancellation)).Expect();
        premises.Clock.Advance(Session.Lifetime);
        Assert.IsType<AccessFailures.NotSignedIn>((await sessions.FindAsync(again.Tenant, again.Token, Cancellation)).Failure);
    }

    [Fact]
    [Trait("Promise", "ISO-1")]
    public async Task A_session_of_one_practice_is_none_in_another()
    {
        await using var premises = await Premises.OpenAsync(new() { Letters = 0 });
        var other = await premises.FoundAsync("Second Practice", "owner@second-practice.example");
        var result = (await premises.Get<SignIn>().RunAsync("owner@practice.example", new SecretText(Premises.Password), Cancellation)).Expect();
        var elsewhere = await premises.Get<Sessions>().FindAsync(other.Tenant, result.Token, Cancellation);
        Assert.IsType<AccessFailures.NotSignedIn>(elsewhere.Failure);
    }

    [Fact]
    public void An_owner_may_everything_the_front_desk_prepares_and_a_stranger_nothing()
    {
        Assert.Equal(Enum.GetValues<Permission>().Order(), Roles.PermissionsOf(Roles.Owner).Order());
        Assert.DoesNotContain(Permission.DecideApprovals, Roles.PermissionsOf(Roles.FrontDesk));
        Assert.Contains(Permission.EditApprovals, Roles.PermissionsOf(Roles.FrontDesk));
        Assert.Empty(Roles.PermissionsOf("Owner"));
    }

    [Fact]
    [Trait("Promise", "AUTH-6")]
    public void Only_the_sessions_own_proof_is_accepted()
    {
        var now = DateTimeOffset.UnixEpoch;
        var session = new Session(Session.HashOf("t"), PersonId.New(TimeProvider.System), now, now, CsrfToken: "proof");
        Assert.True(session.Accepts("proof"));
        Assert.All((string?[])[null, "", "proo", "Proof", "proof "], text => Assert.False(session.Accepts(text)));
    }

    private static CreatePractice.Order Order(string name) =>
        new("Practice", "practice-os", "Olga Owner", name, new SecretText(Premises.Password));
}
