using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.Durable;
using PracticPro.Durable.History;
using PracticPro.Durable.Protocol;
using PracticPro.Kernel;
using Wire = PracticPro.Durable.Wire;

namespace PracticPro.Tests.Durable.Protocol;

/// <summary>What holds for every event, action and failure on the wire, also for those of a newer protocol.</summary>
public sealed class WirePropertyTests
{
    [Fact]
    public void An_event_of_any_kind_comes_back_from_the_wire_as_it_was() => ForSeeds(some => some.Events().All(happened =>
        Json(WireEvents.FromWire(Bytes(WireEvents.ToWire(happened), Wire.Event.Parser))) == Json(happened)));

    [Fact]
    public void An_action_of_any_kind_comes_back_from_the_wire_as_it_was() => ForSeeds(some => some.Actions().All(action =>
        WireActions.FromWire(Bytes(WireActions.ToWire(action), Wire.Action.Parser)) is { } back
        && Json(back) == Json(action)));

    [Fact]
    public void Every_kind_is_among_them()
    {
        var some = new SomeHistory(1);
        Assert.Equal(KindsOf(typeof(HistoryEvent)), some.Events().Select(happened => happened.GetType().Name).Order());
        Assert.Equal(KindsOf(typeof(OrchestratorAction)), some.Actions().Select(action => action.GetType().Name).Order());
    }

    [Fact]
    public void What_a_newer_protocol_adds_to_an_event_is_passed_over() => ForSeeds(some => some.Events().All(happened =>
    {
        var newer = Wire.Event.Parser.ParseFrom([.. WireEvents.ToWire(happened).ToByteArray(), .. FieldsOfTheFuture()]);
        return Json(WireEvents.FromWire(newer)) == Json(happened);
    }));

    [Fact]
    public void What_a_newer_protocol_adds_to_an_action_is_passed_over() => ForSeeds(some => some.Actions().All(action =>
    {
        var newer = Wire.Action.Parser.ParseFrom([.. WireActions.ToWire(action).ToByteArray(), .. FieldsOfTheFuture()]);
        return WireActions.FromWire(newer) is { } back && Json(back) == Json(action);
    }));

    [Theory]
    [InlineData(19)]
    [InlineData(23)]
    [InlineData(24)]
    [InlineData(25)]
    [InlineData(26)]
    [InlineData(27)]
    [InlineData(28)]
    [InlineData(29)]
    [InlineData(30)]
    [InlineData(31)]
    [InlineData(500)]
    public void An_event_of_a_kind_that_is_not_ours_reads_as_a_note(int field)
    {
        var wire = new Wire.Event { EventId = 7, Timestamp = new Timestamp { Seconds = 1_767_225_600 } };
        var strange = Wire.Event.Parser.ParseFrom([.. wire.ToByteArray(), .. Message(field, [8, 1])]);
        var note = Assert.IsType<HistoryEvent.Generic>(WireEvents.FromWire(strange));
        Assert.Equal((7, 2026), (note.EventId, note.Timestamp.Year));
        Assert.True(strange.ToByteArray().SequenceEqual([.. wire.ToByteArray(), .. Message(field, [8, 1])]));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    public void An_action_of_a_kind_that_is_not_ours_is_refused_and_does_not_throw(int field) =>
        Assert.Null(WireActions.FromWire(Wire.Action.Parser.ParseFrom(Message(field, [8, 1]))));

    [Fact]
    public void A_turn_with_fields_of_the_future_is_answered_as_without()
    {
        var registry = new DurableRegistry().Code(
            History<int, int>.Name, (context, input) => context.CallActivityAsync(Lambdas.AddOne, input));
        ForSeeds(some =>
        {
            var request = new Wire.OrchestratorRequest { InstanceId = "one" };
            request.NewEvents.Add(some.Jumble().Select(WireEvents.ToWire));
            var newer = Wire.OrchestratorRequest.Parser.ParseFrom([.. request.ToByteArray(), .. FieldsOfTheFuture()]);
            return Take(newer, registry).SequenceEqual(Take(request, registry));
        });
    }

    [Fact]
    public void Events_in_no_sensible_order_are_answered_and_do_not_throw()
    {
        var registry = new DurableRegistry().Code(
            History<int, int>.Name,
            async (context, input) =>
                await context.CallActivityAsync(new ActivityName<int, int>("name-1"), input)
                + await context.WaitForExternalEvent(new EventName<int>("name-2"), CancellationToken.None));
        ForSeeds(some =>
        {
            var request = new Wire.OrchestratorRequest { InstanceId = "one" };
            request.NewEvents.Add(some.Jumble().Select(WireEvents.ToWire));
            return Take(request, registry).SequenceEqual(Take(request, registry));
        });
    }

    [Fact]
    public void A_failure_of_any_worker_goes_back_to_the_wire_as_it_came() => Prop.ForAll(
        ArbMap.Default.ArbFor<(string?, string?, bool)>(),
        given =>
        {
            var wire = new Wire.Failure
            {
                ErrorType = Clean(given.Item1) ?? "",
                ErrorMessage = Clean(given.Item2) ?? "",
                IsNonRetriable = given.Item3,
                StackTrace = given.Item3 ? Clean(given.Item1) : null,
            };
            wire.InnerFailure = given.Item3 ? wire.Clone() : null;
            return WireFailures.ToWire(WireFailures.FromWire(wire))!.Equals(wire);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(long.MaxValue, 0)]
    [InlineData(long.MinValue, 0)]
    [InlineData(0, -1)]
    [InlineData(0, 1_000_000_000)]
    public void A_time_that_no_clock_can_show_is_passed_over(long seconds, int nanos)
    {
        var never = new Timestamp { Seconds = seconds, Nanos = nanos };
        var fired = new Wire.Event { Timestamp = never, TimerFired = new() { FireAt = never, TimerId = 3 } };
        Assert.Equal(3, Assert.IsType<HistoryEvent.TimerFired>(WireEvents.FromWire(fired)).TimerId);
        var created = new Wire.Event { EventId = 4, Timestamp = never, TimerCreated = new() { FireAt = never } };
        Assert.Equal(4, Assert.IsType<HistoryEvent.TimerCreated>(WireEvents.FromWire(created)).EventId);
        var started = new Wire.Event
        {
            ExecutionStarted = new()
            {
                Name = "name",
                OrchestrationInstance = new() { InstanceId = "one" },
                ScheduledStartTimestamp = never,
            },
        };
        Assert.Null(Assert.IsType<HistoryEvent.ExecutionStarted>(WireEvents.FromWire(started)).ScheduledStart);
        Assert.Null(WireActions.FromWire(new Wire.Action { CreateTimer = new() { FireAt = never } }));
    }

    [Fact]
    public void Messages_with_nothing_in_them_read()
    {
        Assert.IsType<HistoryEvent.Generic>(WireEvents.FromWire(new Wire.Event()));
        Assert.Null(WireActions.FromWire(new Wire.Action()));
        var kinds = Wire.Event.Descriptor.Oneofs[0].Fields;
        Assert.NotEmpty(kinds);
        Assert.All(kinds, kind => Assert.NotNull(
            WireEvents.FromWire(Wire.Event.Parser.ParseFrom(Message(kind.FieldNumber, [])))));
        Assert.All(Wire.Action.Descriptor.Oneofs[0].Fields, kind => Assert.Null(Record.Exception(
            () => WireActions.FromWire(Wire.Action.Parser.ParseFrom(Message(kind.FieldNumber, []))))));
    }

    private static void ForSeeds(Func<SomeHistory, bool> holds) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed => holds(new SomeHistory(seed)))
            .QuickCheckThrowOnFailure();

    private static byte[] Take(Wire.OrchestratorRequest request, DurableRegistry registry) =>
        TakeWireTurn.Run(request, registry, NullLoggerFactory.Instance, WireDialect.Plain).ToByteArray();

    private static T Bytes<T>(T message, MessageParser<T> parser)
        where T : IMessage<T> => parser.ParseFrom(message.ToByteArray());

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, JsonShapes.Stored);

    /// <summary>A text that UTF-8 can hold.</summary>
    private static string? Clean(string? text) => text is null
        ? null
        : System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));

    private static IEnumerable<string> KindsOf(System.Type closed) =>
        closed.GetNestedTypes().Where(nested => nested.BaseType == closed).Select(nested => nested.Name).Order();

    /// <summary>A number, a text, a fixed number and a message, under field numbers that nobody has yet.</summary>
    private static byte[] FieldsOfTheFuture()
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
        {
            output.WriteTag(1_000, WireFormat.WireType.Varint);
            output.WriteUInt64(ulong.MaxValue);
            output.WriteTag(1_001, WireFormat.WireType.LengthDelimited);
            output.WriteString("later");
            output.WriteTag(1_002, WireFormat.WireType.Fixed64);
            output.WriteFixed64(7);
        }

        return [.. bytes.ToArray(), .. Message(1_003, [8, 1, 18, 0])];
    }

    private static byte[] Message(int field, byte[] content)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
        {
            output.WriteTag(field, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(content));
        }

        return bytes.ToArray();
    }
}
