using PracticPro.Audit;

namespace PracticPro.Tests.Audit;

public sealed class AuditActTests
{
    [Fact]
    [Trait("Promise", "AUD-2")]
    public void The_register_of_acts_is_this_list()
    {
        // A word that was ever logged stays. Taking one out or renaming it makes old logs unreadable for people.
        var golden = GoldenFiles.Text("acts.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(golden, AuditAct.All.Select(act => act.Word));
    }

    [Fact]
    public void Every_act_is_found_by_its_word_and_serves_a_promise()
    {
        Assert.NotEmpty(AuditAct.All);
        Assert.All(AuditAct.All, act =>
        {
            Assert.True(AuditAct.TryParse(act.Word, out var found) && ReferenceEquals(found, act));
            Assert.Contains("AUD-2", act.Promises);
        });
    }

    [Fact]
    public void A_word_that_is_not_registered_is_no_act() => Assert.False(AuditAct.TryParse("mail-eaten", out _));

    [Fact]
    public void Every_promise_of_the_room_names_who_keeps_it() =>
        Assert.All(AuditPromises.All, promise => Assert.Equal("PracticPro.Audit", promise.KeptBy.Namespace));
}
