using PracticPro.Egress;

namespace PracticPro.Tests.Sync.QuickBooks;

/// <summary>The one permission Intuit gives could write; that nothing is written is a matter of what the program can say.</summary>
[Trait("Promise", "CARE-4")]
public sealed class ReadOnlyBooksTests
{
    [Fact]
    public void No_operation_at_intuit_writes()
    {
        var operations = ProcessorBook.All
            .Where(static processor => processor.Home.Host.EndsWith("intuit.com", StringComparison.Ordinal))
            .SelectMany(static processor => processor.Operations)
            .ToList();

        Assert.NotEmpty(operations);
        Assert.DoesNotContain(operations, static operation => operation.Effect == Effect.Write || operation.Outgoing is not null);
        Assert.DoesNotContain(operations, static operation => operation.Effect != Effect.Grant && operation.Method != HttpMethod.Get);
    }

    [Fact]
    public void Everything_asked_of_the_books_is_a_get()
    {
        Assert.All(IntuitServices.QuickBooks.Operations, static operation =>
        {
            Assert.Equal((Effect.Read, HttpMethod.Get), (operation.Effect, operation.Method));
            Assert.DoesNotContain("operation=", operation.Path, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Only_the_grant_is_posted_to_intuit()
    {
        Assert.Equal(
            ["/oauth2/v1/tokens/bearer", "/v2/oauth2/tokens/revoke"],
            new[] { IntuitServices.Grants, IntuitServices.Revocation }
                .SelectMany(static processor => processor.Operations)
                .Select(static operation => operation.Path));
    }
}
