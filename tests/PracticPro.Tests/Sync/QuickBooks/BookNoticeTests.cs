using System.Text;
using PracticPro.Kernel;
using PracticPro.Sandbox.QuickBooks;
using PracticPro.Sync.QuickBooks;
using BookNotices = PracticPro.Sync.QuickBooks.BookNotices;

namespace PracticPro.Tests.Sync.QuickBooks;

[Trait("Promise", "CON-4")]
public sealed class BookNoticeTests
{
    private const string CloudEvents = """
        [
          {"specversion":"1.0","id":"88cd52aa-33b6-4351-9aa4-47572edbd068","source":"intuit.c2FuZA==","type":"qbo.customer.created.v1",
           "datacontenttype":"application/json","time":"2026-09-10T21:31:25.179550123Z","intuitentityid":"1234","intuitaccountid":"310687","data":{}},
          {"specversion":"1.0","id":"99cd52aa-33b6-4351-9aa4-47572edbd068","type":"qbo.invoice.voided.v1","time":"2026-09-10T21:31:25Z",
           "intuitentityid":"8","intuitaccountid":"310688","data":{}},
          {"specversion":"1.0","id":"77","type":"qbo.estimate.created.v1","intuitentityid":"8","intuitaccountid":"310688","data":{}}
        ]
        """;

    private const string Older = """
        {"eventNotifications":[
          {"realmId":"310687","dataChangeEvent":{"entities":[
            {"name":"Payment","id":"1","operation":"Delete","lastUpdated":"2026-09-10T21:31:25.179Z"},
            {"name":"Customer","id":"2","operation":"Merge","lastUpdated":"2026-09-10T21:31:25.179Z","deletedId":"3"}]}}]}
        """;

    [Fact]
    public void Cloud_events_of_several_companies_are_told_apart_and_what_is_not_mirrored_is_passed_over()
    {
        var notices = Read(CloudEvents);

        Assert.Equal(["310687 customers", "310688 invoices"], notices.Select(static notice => $"{notice.Realm} {notice.Stream}"));
    }

    [Fact]
    public void The_older_form_is_read_as_well() =>
        Assert.Equal(["310687 payments", "310687 customers"], Read(Older).Select(static notice => $"{notice.Realm} {notice.Stream}"));

    [Theory]
    [InlineData(CloudEvents)]
    [InlineData(Older)]
    public void An_event_has_the_same_name_each_time_and_no_other_has_it(string body)
    {
        var first = Read(body).Select(static notice => notice.Event).ToList();

        Assert.Equal(first, Read(body).Select(static notice => notice.Event));
        Assert.Equal(first.Count, first.Distinct().Count());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("{\"eventNotifications\":7}")]
    public void What_is_neither_form_is_refused(string body) => Assert.Null(BookNotices.Read(Encoding.UTF8.GetBytes(body)));

    [Theory]
    [InlineData("[7,null,{}]")]
    [InlineData("[{\"id\":\"1\",\"type\":\"qbo.invoice.updated.v1\",\"intuitaccountid\":\"../../x\"}]")]
    [InlineData("{\"eventNotifications\":[7,{\"realmId\":7},{\"realmId\":\"1\",\"dataChangeEvent\":{\"entities\":[7]}}]}")]
    public void Odd_events_among_others_are_passed_over(string body) => Assert.Empty(Read(body));

    [Fact]
    public void A_signature_holds_for_its_bytes_and_its_key_alone()
    {
        var body = Encoding.UTF8.GetBytes(CloudEvents);
        var key = new SecretText(IntuitScheme.DefaultVerifier);
        var signature = IntuitScheme.Sign(IntuitScheme.DefaultVerifier, body);

        Assert.True(IntuitProof.Holds(key, body, signature));
        Assert.False(IntuitProof.Holds(key, [.. body, (byte)' '], signature));
        Assert.False(IntuitProof.Holds(new SecretText("another"), body, signature));
        Assert.False(IntuitProof.Holds(key, body, null));
        Assert.False(IntuitProof.Holds(key, body, ""));
        Assert.False(IntuitProof.Holds(key, body, signature[..^1] + "A"));
        Assert.False(IntuitProof.Holds(key, body, Convert.ToHexString(Convert.FromBase64String(signature))));
    }

    [Fact]
    public void Nothing_holds_without_a_key()
    {
        var body = Encoding.UTF8.GetBytes(CloudEvents);

        Assert.False(IntuitProof.Holds(SecretText.Empty, body, IntuitScheme.Sign("", body)));
    }

    private static System.Collections.Immutable.ImmutableArray<BookNotice> Read(string body) =>
        BookNotices.Read(Encoding.UTF8.GetBytes(body))!.Value;
}
