using System.Text.Json.Nodes;
using Google.Protobuf;
using PracticPro.Durable.Wire;

namespace PracticPro.Tests.FunctionsHost;

/// <summary>
/// Given the captured answers, the engine asks the captured questions: the same turns, in the same order, with the same
/// histories. Times and execution ids are of their run.
/// </summary>
public sealed class OrchestrationGoldenTests
{
    [Theory]
    [InlineData("sequence")]
    [InlineData("no-input")]
    [InlineData("parent")]
    [InlineData("failing")]
    [InlineData("continue-as-new")]
    public Task An_orchestration_that_needs_nobody_runs_as_captured(string file) => RunAsync(file, _ => Task.CompletedTask);

    [Fact]
    public Task A_timer_fires_as_captured() => RunAsync("timer", script =>
    {
        script.Rig.Clock.Advance(TimeSpan.FromSeconds(6.5));
        return script.Rig.IdleAsync();
    });

    [Fact]
    public Task Completions_that_piled_up_come_in_one_turn_in_their_order() => RunAsync("fanout", async script =>
    {
        await Rig.UntilAsync(() => script.Waiting == 3);
        script.Rig.Host.HoldTurns(false);
    });

    [Fact]
    public Task Events_that_piled_up_come_in_one_turn_in_the_order_they_arrived() => RunAsync("events", script =>
    {
        script.Rig.Host.HoldTurns(true);
        script.Raise("Unknown", "1");
        script.Raise("ALPHA", """{"d":"2024-01-02T03:04:05Z","n":1.5}""");
        script.Raise("beta", "\"second\"");
        script.Rig.Host.HoldTurns(false);
        return Task.CompletedTask;
    });

    [Fact]
    public Task What_is_carried_over_is_new_again_in_the_next_run() => RunAsync(
        "continue-as-new-carryover",
        script =>
        {
            for (var at = 0; at < 4; at++)
            {
                script.Raise("Go", "\"v-Go\"");
            }

            script.Rig.Host.HoldTurns(false);
            return Task.CompletedTask;
        },
        holdsFirst: true);

    [Fact]
    public Task A_suspended_instance_still_gets_a_turn_for_each_event() => RunAsync("suspend-resume", async script =>
    {
        var id = script.Instance;
        script.Rig.Hub.Suspend(new SuspendRequest { InstanceId = id, Reason = "my reason" });
        await script.Rig.IdleAsync();
        Assert.Equal(RuntimeStatus.Suspended, script.Rig.State(id).OrchestrationStatus);
        script.Raise("Alpha", "1");
        script.Raise("Beta", "2");
        await script.Rig.IdleAsync();
        script.Rig.Hub.Resume(new ResumeRequest { InstanceId = id, Reason = "go on" });
    });

    [Fact]
    public Task A_termination_is_one_turn_that_the_worker_answers() => RunAsync("terminate", script =>
    {
        script.Rig.Hub.Terminate(new TerminateRequest { InstanceId = script.Instance, Output = "stop it" });
        return Task.CompletedTask;
    });

    private static async Task RunAsync(string file, Func<Script, Task> act, bool holdsFirst = false)
    {
        var golden = GoldenFiles.Read($"orchestration-{file}.json");
        var script = new Script(golden, holdsActivities: file == "fanout");
        await using var rig = await Rig.StartAsync(script.Answer);
        script.Rig = rig;
        rig.Host.HoldTurns(holdsFirst);
        script.Begin();
        if (!holdsFirst && file != "fanout")
        {
            await rig.IdleAsync();
        }

        await act(script);
        await rig.IdleAsync();

        Assert.Empty(script.Differences);
        Assert.Equal(golden["turns"]!.AsArray().Count, script.Asked);
        var state = rig.State(script.Instance);
        Assert.Equal(golden["status"]!.GetValue<string>(), state.OrchestrationStatus.ToString());
        Assert.Equal(golden["customStatus"]?.GetValue<string>(), state.CustomStatus?.Trim('"'));
    }

    private sealed class Script(JsonNode golden, bool holdsActivities)
    {
        private readonly Lock _gate = new();
        private int _asked;

        public Rig Rig { get; set; } = null!;

        public string Instance => golden["instance"]!.GetValue<string>();

        public int Asked => _asked;

        public List<string> Differences { get; } = [];

        public int Waiting
        {
            get
            {
                lock (Rig.Host.Storage.Hub.Gate)
                {
                    return Rig.Host.Storage.Hub.Find(Instance)!.Inbox.Count;
                }
            }
        }

        public void Begin()
        {
            var started = Captured(0).NewEvents.Single(one => one.ExecutionStarted is not null).ExecutionStarted;
            Rig.Begin(started.Name, Instance, started.Input);
        }

        public void Raise(string name, string input) =>
            Rig.Hub.Raise(new RaiseEventRequest { InstanceId = Instance, Name = name, Input = input });

        public HandlerReply Answer(HandlerRequest request)
        {
            if (request.Function == "Echo")
            {
                // The captured order of completions: the last one scheduled before the one in the middle.
                var place = request.Data("input") switch { "2" => 1, "1" => 2, _ => 0 };
                return HandlerReply.Returns("\"ok\"") with { Wait = holdsActivities ? Rig.UntilAsync(() => Waiting == place) : null };
            }

            lock (_gate)
            {
                if (holdsActivities && _asked == 0)
                {
                    Rig.Host.Faults.HoldsTurns = true;
                }

                var expected = Masked(Captured(_asked));
                var actual = Masked(request.Turn());
                if (!expected.ToByteString().Equals(actual.ToByteString()))
                {
                    Differences.Add($"turn {_asked}: expected {expected}, got {actual}");
                }

                return HandlerReply.Returns($"\"{golden["turns"]![_asked++]!["response"]!.GetValue<string>()}\"");
            }
        }

        private OrchestratorRequest Captured(int turn) => OrchestratorRequest.Parser.ParseFrom(
            Convert.FromBase64String(golden["turns"]![turn]!["request"]!.GetValue<string>()));

        private static OrchestratorRequest Masked(OrchestratorRequest request)
        {
            var masked = request.Clone();
            foreach (var one in masked.All())
            {
                one.Timestamp = null;
                if (one.ExecutionStarted is { } started)
                {
                    started.OrchestrationInstance.ExecutionId = "EXECUTION";
                    if (started.ParentInstance is { } parent)
                    {
                        parent.OrchestrationInstance.ExecutionId = "EXECUTION";
                    }
                }
            }

            return masked;
        }
    }
}
