using System.Collections.Immutable;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PracticPro.Egress;

namespace PracticPro.Tests.Egress;

/// <summary>Several reads as one body, and their answers out of another.</summary>
public sealed class BatchPartsTests
{
    private const string Boundary = "batch_x";

    private static readonly DateTimeOffset Now = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Reads_are_written_one_behind_another_each_with_a_name_of_its_own()
    {
        EgressRequest[] reads =
        [
            new(GoogleServices.Gmail, GoogleServices.GetMessage) { PathArguments = ["a/b"], Query = [new("format", "metadata"), new("fields", "id,x(y)")] },
            new(GoogleServices.Gmail, GoogleServices.Profile),
        ];
        const string expected =
            "--practicpro-reads\r\nContent-Type: application/http\r\nContent-ID: <0>\r\n\r\n"
            + "GET /gmail/v1/users/me/messages/a%2Fb?format=metadata&fields=id%2Cx%28y%29 HTTP/1.1\r\n\r\n\r\n"
            + "--practicpro-reads\r\nContent-Type: application/http\r\nContent-ID: <1>\r\n\r\n"
            + "GET /gmail/v1/users/me/profile HTTP/1.1\r\n\r\n\r\n"
            + "--practicpro-reads--\r\n";

        Assert.Equal(expected, Encoding.ASCII.GetString(BatchParts.Compose(reads).Span));
        Assert.Equal("multipart/mixed; boundary=practicpro-reads", BatchParts.BodyType);
    }

    [Fact]
    public void Whatever_a_read_is_asked_about_it_stays_one_line() => Prop.ForAll<NonNull<string>, NonNull<string>>(
        ArbMap.Default.ArbFor<NonNull<string>>(),
        ArbMap.Default.ArbFor<NonNull<string>>(),
        (id, value) =>
        {
            // What is no text at all cannot be escaped, and what names nothing is refused before.
            var (argument, filter) = ("x" + Whole(id.Get) + "\r\n--practicpro-reads\r\n", Whole(value.Get) + "\r\n\r\n");
            var read = new EgressRequest(GoogleServices.Gmail, GoogleServices.GetMessage)
            {
                PathArguments = [argument],
                Query = [new("q", filter)],
            };
            var lines = Encoding.ASCII.GetString(BatchParts.Compose([read]).Span).Split("\r\n");
            return lines.Length == 9
                && lines[4] == $"GET /gmail/v1/users/me/messages/{Uri.EscapeDataString(argument)}?q={Uri.EscapeDataString(filter)} HTTP/1.1";
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Answers_are_told_apart_by_their_names_in_any_order()
    {
        var random = new Random(7);
        for (var round = 0; round < 300; round++)
        {
            var bodies = Bodies(random);
            var whole = Answer(random, bodies);

            var parsed = BatchParts.Parse(whole, Boundary, bodies.Length, Now)!.Value;

            Assert.Equal(bodies.Length, parsed.Length);
            for (var at = 0; at < bodies.Length; at++)
            {
                Assert.Equal(200 + at, (int)parsed[at].Status);
                Assert.Equal(bodies[at], parsed[at].Body.ToArray());
                Assert.Equal(Now, parsed[at].Date);
            }
        }
    }

    [Fact]
    public void An_answer_that_is_cut_anywhere_is_none()
    {
        var random = new Random(8);
        for (var round = 0; round < 12; round++)
        {
            // Cut behind something like the last boundary, it would end with it.
            var bodies = Bodies(random, $"\r\n--{Boundary}--");
            var whole = Answer(random, bodies);
            var end = whole.AsSpan().LastIndexOf(Encoding.ASCII.GetBytes($"--{Boundary}--")) + Boundary.Length + 4;
            for (var cut = 0; cut < end; cut++)
            {
                Assert.Null(BatchParts.Parse(whole.AsMemory(0, cut), Boundary, bodies.Length, Now));
            }
        }
    }

    [Fact]
    public void Bytes_of_any_kind_are_read_without_a_throw()
    {
        var random = new Random(9);
        for (var round = 0; round < 3_000; round++)
        {
            var bodies = Bodies(random);
            var whole = Answer(random, bodies);
            for (var spoiled = random.Next(1, 6); spoiled > 0; spoiled--)
            {
                whole[random.Next(whole.Length)] = (byte)"\r\n-:< 9\0"[random.Next(8)];
            }

            if (BatchParts.Parse(whole, Boundary, bodies.Length, Now) is { } parsed)
            {
                Assert.Equal(bodies.Length, parsed.Length);
                Assert.DoesNotContain(null, parsed);
            }
        }
    }

    [Theory]
    [InlineData("0 1", true)]
    [InlineData("1 0", true)]
    [InlineData("0", false)]
    [InlineData("0 0", false)]
    [InlineData("0 1 1", false)]
    [InlineData("0 1 2", false)]
    [InlineData("0 2", false)]
    [InlineData("0 01", false)]
    [InlineData("0 +1", false)]
    [InlineData("0 ", false)]
    public void Each_of_two_reads_is_answered_once_or_nothing_is(string names, bool isWhole)
    {
        var parts = names.Split(' ').Select(static name => Part($"Content-ID: <response-{name}>"));
        Assert.Equal(isWhole, Parse(2, [.. parts]) is not null);
    }

    [Theory]
    [InlineData("Content-ID: <0>")]
    [InlineData("Content-ID: response-0")]
    [InlineData("X-Other: <response-0>")]
    [InlineData("Content-ID: <response-0>\r\nContent-ID: <response-0>")]
    [InlineData("Content-ID: <response-0>\r\nContent-Type: text/plain")]
    [InlineData("Content-ID <response-0>")]
    public void A_part_that_does_not_say_what_it_is_spoils_the_whole(string head) => Assert.Null(Parse(1, Part(head)));

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nx", 200, "x")]
    [InlineData("HTTP/1.1 200\r\n\r\nx", 200, "x")]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n", 404, "")]
    [InlineData("HTTP/1.1 304 Not Modified\r\nETag: \"a\"", 304, "")]
    [InlineData("HTTP/1.1 204 No Content", 204, "")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx\r\n", 200, "x")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\n\r\nx", 200, "x")]
    public void An_answer_inside_is_read_as_one_of_its_own(string http, int status, string body)
    {
        var answer = Assert.Single(Parse(1, Part("Content-ID: <response-0>", http))!.Value);
        Assert.Equal((status, body), ((int)answer.Status, Encoding.ASCII.GetString(answer.Body.Span)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("HTTP/1.1 20 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 2000 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n")]
    [InlineData("HTTP/2 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nno header\r\n\r\nx")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nx")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxy")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxy")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nx")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n")]
    public void An_answer_inside_that_cannot_be_understood_spoils_the_whole(string http) =>
        Assert.Null(Parse(1, Part("Content-ID: <response-0>", http)));

    [Fact]
    public void What_a_part_tells_of_clock_wait_and_version_is_its_own()
    {
        var told = Parse(
            2,
            Part("Content-ID: <response-0>", "HTTP/1.1 429 No\r\nDate: Sun, 22 Nov 2026 10:00:00 GMT\r\nRetry-After: Sun, 22 Nov 2026 10:00:07 GMT\r\n\r\n"),
            Part("Content-ID: <response-1>", "HTTP/1.1 503 No\r\nRetry-After: 5\r\nETag: \"v\"\r\n\r\n"))!.Value;

        Assert.Equal((Now.AddHours(1), TimeSpan.FromSeconds(7)), (told[0].Date, told[0].RetryAfter));
        Assert.Equal((Now, TimeSpan.FromSeconds(5), "\"v\""), (told[1].Date, told[1].RetryAfter, told[1].EntityTag));
    }

    [Theory]
    [InlineData("multipart/mixed; boundary=batch_x", "batch_x")]
    [InlineData("Multipart/Mixed; boundary=\"batch_x\"", "batch_x")]
    [InlineData("multipart/mixed; boundary=\"a b:c\"; charset=utf-8", "a b:c")]
    [InlineData("multipart/mixed", null)]
    [InlineData("multipart/mixed; boundary=\"\"", null)]
    [InlineData("multipart/mixed; boundary=\"a \"", null)]
    [InlineData("multipart/mixed; boundary=\"a\\\"b\"", null)]
    [InlineData("multipart/mixed; boundary=a; boundary=b", null)]
    [InlineData("multipart/form-data; boundary=batch_x", null)]
    [InlineData("application/json", null)]
    public void What_stands_between_parts_is_read_from_the_type(string type, string? boundary) =>
        Assert.Equal(boundary, BatchParts.BoundaryOf(MediaTypeHeaderValue.Parse(type)));

    [Fact]
    public void A_boundary_longer_than_allowed_is_none() =>
        Assert.Null(BatchParts.BoundaryOf(MediaTypeHeaderValue.Parse($"multipart/mixed; boundary={new string('x', 71)}")));

    [Theory]
    [InlineData("for others\r\n", "")]
    [InlineData("\r\n", "\r\nfor others")]
    public void What_stands_before_the_first_and_behind_the_last_boundary_is_not_for_us(string before, string behind)
    {
        var whole = $"{before}--{Boundary}  \r\n{Part("Content-ID: <response-0>")}\r\n--{Boundary}--{behind}";
        Assert.Single(BatchParts.Parse(Encoding.ASCII.GetBytes(whole), Boundary, 1, null)!.Value);
    }

    private static string Part(string head, string http = "HTTP/1.1 200 OK\r\n\r\n{}") =>
        $"Content-Type: application/http\r\n{head}\r\n\r\n{http}";

    private static ImmutableArray<EgressAnswer>? Parse(int count, params string[] parts)
    {
        var whole = string.Concat(parts.Select(static part => $"--{Boundary}\r\n{part}\r\n")) + $"--{Boundary}--\r\n";
        return BatchParts.Parse(Encoding.ASCII.GetBytes(whole), Boundary, count, Now);
    }

    /// <summary>Up to eight bodies of what might be taken for something else.</summary>
    private static byte[][] Bodies(Random random, string without = $"\r\n--{Boundary}--\r\n")
    {
        string[] pieces =
        [
            "\r\n", "\r\n\r\n", "--", $"--{Boundary}", $"\r\n--{Boundary}x", $"\r\n--{Boundary}-", $"\r\n--{Boundary}--x",
            $"\n--{Boundary}--\n", "HTTP/1.1 200 OK", "Content-ID: <response-0>", "{}", "\0\u00ff", ":", "a",
        ];
        return [.. Enumerable.Range(0, random.Next(1, 9)).Select(_ => Encoding.Latin1.GetBytes(Body()))];

        // A real boundary within would be one: whoever writes an answer sees to it that there is none.
        string Body()
        {
            while (true)
            {
                var body = string.Concat(Enumerable.Range(0, random.Next(0, 9)).Select(_ => pieces[random.Next(pieces.Length)]));
                var lines = $"\r\n{body}\r\n";
                if (!lines.Contains(without, StringComparison.Ordinal)
                    && !lines.Contains($"\r\n--{Boundary}\r\n", StringComparison.Ordinal))
                {
                    return body;
                }
            }
        }
    }

    private static byte[] Answer(Random random, byte[][] bodies)
    {
        var order = Enumerable.Range(0, bodies.Length).ToArray();
        random.Shuffle(order);
        var whole = new List<byte>();
        foreach (var at in order)
        {
            var length = random.Next(2) == 0
                ? ""
                : string.Create(CultureInfo.InvariantCulture, $"content-length: {bodies[at].Length}\r\n");
            whole.AddRange(Encoding.ASCII.GetBytes(
                $"--{Boundary}\r\ncontent-type: application/http; msgtype=response\r\ncontent-id: <response-{at}>\r\n\r\nHTTP/1.1 {200 + at} OK\r\n{length}\r\n"));
            whole.AddRange(bodies[at]);
            whole.AddRange("\r\n"u8);
        }

        whole.AddRange(Encoding.ASCII.GetBytes($"--{Boundary}--\r\n"));
        return [.. whole];
    }

    private static string Whole(string text) => new([.. text.Where(static symbol => !char.IsSurrogate(symbol))]);
}
