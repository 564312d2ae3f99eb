namespace PracticPro.Tests.Architecture;

/// <summary>Tokens of connected accounts are opened in the door, and held for a moment where they come in (CON-2).</summary>
[Trait("Promise", "CON-2")]
public sealed class TokenTests
{
    [Fact]
    public void Only_the_door_has_a_token_opened()
    {
        Assert.Equal(["PracticPro.Egress.OpenedToken"], Owners("PracticPro.Egress.SealedToken::OpenAsync"));
        Assert.Equal(["PracticPro.Egress.EgressDoor"], Owners("PracticPro.Egress.OpenedToken::OpenAsync"));
        Assert.Equal(["PracticPro.Egress.EgressDoor"], Owners("PracticPro.Egress.OpenedToken::Text"));
        Assert.Equal(["PracticPro.Egress.EgressDoor"], Owners("PracticPro.Egress.OpenedToken::InForm"));
        Assert.Equal(["PracticPro.Egress.EgressDoor"], Owners("PracticPro.Egress.OpenedToken::InJson"));
    }

    [Fact]
    public void A_token_lies_on_the_shelf_or_came_in_just_now()
    {
        var references = Compiled.Types
            .Where(type => type.BaseType?.FullName == "PracticPro.Egress.SealedToken")
            .Select(type => type.FullName);

        Assert.Equal(
            ["PracticPro.Sync.Connections.Grant/JustGranted", "PracticPro.Sync.Connections.SealedConnectionToken"],
            references.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_holds_a_token_is_read_and_written_in_one_place_each()
    {
        Assert.Equal(["PracticPro.Sync.Connections.SealedConnectionToken"], Owners("PracticPro.Sync.Connections.HeldToken::get_Token"));
        Assert.Equal(["PracticPro.Sync.Connections.TokenShelf"], Owners("PracticPro.Sync.Connections.HeldToken::.ctor"));
        Assert.Equal(
            ["PracticPro.Sync.Connections.SealedConnectionToken", "PracticPro.Sync.Connections.TokenShelf"],
            Owners("PracticPro.Sync.Connections.EarlierTokens::get_"));
    }

    [Fact]
    public void What_a_grant_brought_is_taken_to_the_shelf_or_to_the_door() =>
        Assert.Equal(
            ["PracticPro.Sync.Connections.FinishConnection", "PracticPro.Sync.Connections.TokenShelf"],
            Owners("PracticPro.Sync.Connections.Grant::get_Access()", "PracticPro.Sync.Connections.Grant::get_Refresh()"));

    private static IEnumerable<string> Owners(params string[] called) => called
        .SelectMany(one => Compiled.CallersOf(one)
            .Select(method => method.DeclaringType.FullName.Split('/')[0])
            .Where(owner => !one.StartsWith(owner + "::", StringComparison.Ordinal)))
        .Distinct()
        .Order(StringComparer.Ordinal);
}
