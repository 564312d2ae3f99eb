using PracticPro.Storage;
using PracticPro.Sync;
using PracticPro.Sync.Connections;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Sync;

/// <summary>How long a step goes by the token's record as it was a moment ago.</summary>
[Trait("Promise", "CON-3")]
public sealed class TokenGlanceTests
{
    private readonly FakeClock clock = new();

    [Fact]
    public void A_record_is_lent_for_less_than_a_second()
    {
        var glance = new TokenGlance(clock);
        glance.Keep(Record, glance.Now);

        clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Same(Record, glance.Find());
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(glance.Find());
    }

    [Fact]
    public void A_record_that_is_forgotten_is_read_anew()
    {
        var glance = new TokenGlance(clock);
        glance.Keep(Record, glance.Now);

        glance.Forget();

        Assert.Null(glance.Find());
    }

    [Fact]
    public void A_record_that_was_read_before_a_renewal_is_not_lent_after_it()
    {
        var glance = new TokenGlance(clock);
        var before = glance.Now;
        clock.Advance(TimeSpan.FromMilliseconds(10));
        glance.Forget();

        glance.Keep(Record, before);

        Assert.Null(glance.Find());
    }

    private static StoredDocument Record { get; } =
        new(new Document(SyncKinds.AccessToken.Key("one"), "sealed"u8.ToArray()), new DocumentVersion("1"));
}
