using System.Text;
using PracticPro.Hosting;
using PracticPro.Hosting.Functions.Declarations;
using PracticPro.Hosting.Functions.Payloads;

namespace PracticPro.Tests.Hosting.Functions;

public sealed class PayloadShapeTests
{
    private static readonly FunctionDeclaration Step = new FunctionDeclaration.Activity("Echo");
    private static readonly FunctionDeclaration Turn = new FunctionDeclaration.Orchestration("Sequence");

    /// <summary>Bodies of a real host, and the kinds whose golden shapes they must have.</summary>
    public static TheoryData<string, string, string> Captured => new()
    {
        { "activity.json", "activity-input-object", "activity" },
        { "queue.json", "queue-in-object", "queue" },
        { "queue.json", "queue-in-plain", "queue" },
        { "timer.json", "timer-every-5-seconds", "timer" },
        { "timer.json", "timer-every-minute-with-monitor", "timer" },
    };

    [Theory]
    [MemberData(nameof(Captured))]
    public void What_a_real_host_sent_is_golden(string file, string row, string kind)
    {
        var lines = PayloadShape.Of(Golden.Row(file, row).Utf8, FunctionOf(kind));

        Assert.Empty(lines.Except(Lines(kind, optional: true)));
    }

    [Fact]
    public void Every_turn_of_a_real_host_is_golden()
    {
        var golden = Lines("orchestration", optional: true);
        var must = Lines("orchestration", optional: false).Where(line => !line.StartsWith("header ", StringComparison.Ordinal)).ToList();

        Assert.All(Golden.Rows<Golden.Turn>("orchestration.json"), turn =>
        {
            var lines = PayloadShape.Of(Encoding.UTF8.GetBytes(turn.Body), Turn);
            Assert.Empty(lines.Except(golden));
            Assert.Empty(must.Except(lines));
        });
    }

    [Fact]
    public void No_value_and_no_name_of_a_sender_is_in_a_shape()
    {
        var body = """
            {"Data":{"input":"\"{\\\"anna@example.com\\\":\\\"her diagnosis\\\",\\\"sys\\\":4711}\""},
             "Metadata":{"anna@example.com":"\"her diagnosis\"","sys":"\"4711\"","instanceId":"\"clinic:4711\"","data":{"x":"her diagnosis"}},
             "a name with spaces":"her diagnosis"}
            """;

        var lines = PayloadShape.Of(Encoding.UTF8.GetBytes(body), Step);

        Assert.Equal(
            [
                "?: text",
                "Data.{trigger}: text of text of object",
                "Metadata.*: brought by the message",
                "Metadata.data: object",
                "Metadata.instanceId: text of text",
            ],
            lines);
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("[1]", "list")]
    [InlineData("""{"Data":7}""", "Data: number")]
    [InlineData("""{"Data":{"context":"\"AAAA\""}}""", "Data.{trigger}: not protobuf")]
    public void Whatever_comes_has_a_shape(string body, string line) =>
        Assert.Contains(line, PayloadShape.Of(Encoding.UTF8.GetBytes(body), Turn));

    private static FunctionDeclaration FunctionOf(string kind) => kind switch
    {
        "activity" => Step,
        "queue" => Named(Composition.Functions().All.First(one => PayloadShape.KindOf(one) == "queue"), "msg"),
        _ => Named(Composition.Functions().All.First(one => PayloadShape.KindOf(one) == "timer"), "myTimer"),
    };

    private static FunctionDeclaration Named(FunctionDeclaration function, string trigger) =>
        function with { Bindings = [function.Bindings[0] with { Name = trigger }] };

    private static List<string> Lines(string kind, bool optional) =>
    [
        .. File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Hosting", "Functions", "Golden", "shapes", $"{kind}.shape"))
            .Where(line => optional || !line.StartsWith('?'))
            .Select(line => line.StartsWith("? ", StringComparison.Ordinal) ? line[2..] : line),
    ];
}
