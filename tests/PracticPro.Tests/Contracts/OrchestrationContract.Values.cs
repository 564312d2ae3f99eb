using System.Collections.Concurrent;
using System.Text.Json;
using PracticPro.Durable;
using PracticPro.Kernel;
using PracticPro.Tests.Durable;

namespace PracticPro.Tests.Contracts;

public abstract partial class OrchestrationContract
{
    [Fact]
    public async Task Nothing_given_and_nothing_returned_stay_nothing()
    {
        var name = new OrchestrationName<string?, string?>("nothing");
        var echo = new ActivityName<string?, string?>("echo");
        await using var engine = await StartAsync(registry => registry
            .Activity(echo, (_, input) => input is null ? null : "something")
            .Code(name, async (context, input) => input is null ? await context.CallActivityAsync(echo, null) : "some"));
        Assert.Null(await engine.RunAsync(name, null));
    }

    [Fact]
    public async Task A_line_is_reached_once_while_not_replaying_and_replays_after()
    {
        var seen = new ConcurrentQueue<(int Step, bool Replaying)>();
        await using var engine = await StartAsync(
            async (context, steps) =>
            {
                for (var step = 0; step < steps; step++)
                {
                    seen.Enqueue((step, context.IsReplaying));
                    await context.CallActivityAsync(Lambdas.AddOne, step);
                }

                return steps;
            },
            AddOne);
        await engine.RunAsync(Whole, 4);
        var furthest = -1;
        foreach (var (step, replaying) in seen)
        {
            Assert.True(step <= furthest || !replaying, $"Step {step} was new and called a replay.");
            Assert.True(step >= furthest || replaying, $"Step {step} was old and not called a replay.");
            furthest = Math.Max(furthest, step);
        }

        Assert.Equal(3, furthest);
    }

    [Fact]
    public async Task Time_is_that_of_the_turn_and_the_same_in_every_replay()
    {
        var times = new ConcurrentDictionary<int, ConcurrentBag<DateTimeOffset>>();
        await using var engine = await StartAsync(
            async (context, _) =>
            {
                times.GetOrAdd(0, _ => []).Add(context.CurrentUtcTime);
                context.SetCustomStatus("waiting");
                await context.CreateTimer(TimeSpan.FromHours(2), Never);
                times.GetOrAdd(1, _ => []).Add(context.CurrentUtcTime);
                await context.CallActivityAsync(Lambdas.AddOne, 0);
                times.GetOrAdd(2, _ => []).Add(context.CurrentUtcTime);
                return 0;
            },
            AddOne);
        var before = engine.Clock.GetUtcNow();
        await engine.StartAsync(Whole, One, 0);
        await engine.ReachesAsync(One, "waiting");
        await engine.EndAsync(One, TimeSpan.FromHours(1));
        Assert.All(times, step => Assert.Single(step.Value.Distinct()));
        Assert.All(times, step => Assert.Equal(TimeSpan.Zero, step.Value.First().Offset));
        Assert.InRange(times[0].First(), before - Early, before + Early);
        Assert.InRange(times[1].First(), before.AddHours(2) - Early, before.AddHours(3));
        Assert.True(times[2].First() >= times[1].First());
    }

    [Fact]
    public async Task Guids_are_version_five_differ_from_call_to_call_and_are_the_same_in_every_replay()
    {
        var seen = new ConcurrentDictionary<int, ConcurrentBag<Guid>>();
        await using var engine = await StartAsync(
            async (context, _) =>
            {
                for (var call = 0; call < 4; call++)
                {
                    seen.GetOrAdd(call, _ => []).Add(context.NewGuid());
                    await context.CallActivityAsync(Lambdas.AddOne, call);
                }

                return 0;
            },
            AddOne);
        await engine.RunAsync(Whole, 0);
        Assert.All(seen, call => Assert.Single(call.Value.Distinct()));
        Assert.Equal(4, seen.Values.Select(call => call.First()).Distinct().Count());
        Assert.All(seen.Values, call => Assert.Equal(5, call.First().Version));
    }

    [Theory]
    [MemberData(nameof(Awkward))]
    public async Task Every_value_comes_through_every_way_as_it_was(string text)
    {
        var through = new OrchestrationName<Parcel, Parcel>("through");
        var echo = new ActivityName<Parcel, Parcel>("echo");
        var parcels = new EventName<Parcel>("parcel");
        await using var engine = await StartAsync(registry => registry
            .Activity(echo, (_, parcel) => parcel)
            .Code(through, async (context, parcel) =>
            {
                parcel = await context.CallActivityAsync(echo, parcel);
                var raised = await context.WaitForExternalEvent(parcels, Never);
                context.SetCustomStatus(raised);
                return parcel with { Inner = raised };
            }));
        var sent = Parcel.Of(text);
        await engine.StartAsync(through, One, sent);
        await engine.RaiseAsync(One, parcels, sent, "d1");
        var end = await engine.EndAsync(One);
        Assert.Equal(Plain(sent with { Inner = sent }), Plain(engine.Output(through, end)));
        Assert.Equal(Plain(sent), Plain(JsonSerializer.Deserialize<Parcel>(end.CustomStatus!, JsonShapes.Stored)!));
    }

    [Theory]
    [MemberData(nameof(Awkward))]
    public async Task Every_bare_text_comes_through_every_way_as_it_was(string text)
    {
        var through = new OrchestrationName<string, List<string>>("through");
        var echo = new ActivityName<string, string>("echo");
        await using var engine = await StartAsync(registry => registry
            .Activity(echo, (_, given) => given)
            .Code(through, async (context, given) =>
            [
                given, await context.CallActivityAsync(echo, given), await context.WaitForExternalEvent(Word, Never),
            ]));
        await engine.StartAsync(through, One, text);
        await engine.RaiseAsync(One, Word, text, "d1");
        Assert.Equal([text, text, text], engine.Output(through, await engine.EndAsync(One)));
    }

    /// <summary>
    /// Texts that one host or another takes for something else: base64, dates, numbers, JSON, keywords, rich text.
    /// </summary>
    public static TheoryData<string> Awkward =>
    [
        "", "test", "aGVsbG8=", "null", "true", "12", "1.50", "{\"a\":1}", "[1]", "\"quoted\"",
        "2024-01-02T03:04:05Z", "2024-01-02T03:04:05.1234567+02:00", "01/02/2024 03:04:05",
        "Zoë 子 \ud83d\ude42 \u2028 \\ / ' < & %", " edge ", "line\r\nline\ttab\u0001",
    ];

    /// <summary>As text, to be compared. A number keeps its value; a host may write 1.50 as 1.5.</summary>
    private static string Plain(Parcel parcel) => JsonSerializer.Serialize(parcel.WithPlainAmounts(), JsonShapes.Stored);

    /// <summary>With the members' names that a Functions host uses for itself.</summary>
    internal sealed record Parcel(
        string Sys,
        string InstanceId,
        string Data,
        string? Nothing,
        DateTimeOffset When,
        decimal Amount,
        ulong Large,
        double Ratio,
        Guid Key,
        byte[] Bytes,
        IReadOnlyDictionary<string, string> Map,
        Parcel? Inner = null)
    {
        public Parcel WithPlainAmounts() => this with
        {
            Amount = Amount / 1.0000000000000000000000000000m,
            Inner = Inner?.WithPlainAmounts(),
        };

        public static Parcel Of(string text) => new(
            text,
            text,
            text,
            null,
            new DateTimeOffset(2024, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)).AddTicks(1_234_567),
            1.50m,
            12_345_678_901_234_567_890,
            0.1 + 0.2,
            Guid.Parse("6f9619ff-8b86-d011-b42d-00c04fc964ff"),
            [0, 255, 10],
            new Dictionary<string, string> { ["Key one"] = text, ["ä"] = "" });
    }
}
