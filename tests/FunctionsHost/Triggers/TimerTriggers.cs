using NCrontab;
using PracticPro.FunctionsHost.App;
using PracticPro.FunctionsHost.Payload;

namespace PracticPro.FunctionsHost.Triggers;

/// <summary>
/// Calls timerTrigger functions when they are due, one call of a function at a time. A schedule of a minute or more is
/// remembered between hosts, and a call that was missed is made up for at the start, marked as past due.
/// </summary>
internal sealed class TimerTriggers : IDisposable
{
    private static readonly TimeSpan LeastMonitored = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(40);

    private readonly FakeStorage _storage;
    private readonly Invoker _invoker;
    private readonly Payloads _payloads;
    private readonly InFlight _inFlight;
    private readonly List<Alarm> _alarms;

    public TimerTriggers(
        FakeStorage storage, AppFolder app, IReadOnlyDictionary<string, string> settings, Invoker invoker, Payloads payloads,
        InFlight inFlight)
    {
        _storage = storage;
        _invoker = invoker;
        _payloads = payloads;
        _inFlight = inFlight;
        _alarms =
        [
            .. app.Functions.Where(one => one.Trigger.Type == "timerTrigger")
                .Select(one => new Alarm(this, one, ScheduleRules.Schedule(one.Trigger, settings)!)),
        ];
    }

    public void Start() => _alarms.ForEach(one => one.Start());

    public void Dispose() => _alarms.ForEach(one => one.Dispose());

    private sealed class Alarm : IDisposable
    {
        private readonly TimerTriggers _owner;
        private readonly Function _function;
        private readonly CrontabSchedule _schedule;
        private readonly ITimer _timer;
        private DateTimeOffset _due;

        public Alarm(TimerTriggers owner, Function function, CrontabSchedule schedule)
        {
            _owner = owner;
            _function = function;
            _schedule = schedule;
            _timer = Clock.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        private TimeProvider Clock => _owner._invoker.Clock;

        private bool IsMonitored { get; set; }

        public void Start()
        {
            var now = Clock.GetUtcNow();
            var next = After(now);
            IsMonitored = _function.Trigger.Flag("useMonitor", otherwise: true) && After(next) - next >= LeastMonitored;
            var status = IsMonitored
                ? _owner._storage.Schedules.GetOrAdd(_function.Name, new ScheduleStatus(default, next, default))
                : null;
            var isPastDue = status is not null && status.Next < now;
            if (isPastDue || _function.Trigger.Flag("runOnStartup", otherwise: false))
            {
                Run(isPastDue);
            }
            else
            {
                Arm();
            }
        }

        public void Dispose() => _timer.Dispose();

        private DateTimeOffset After(DateTimeOffset time) =>
            new(DateTime.SpecifyKind(_schedule.GetNextOccurrence(time.UtcDateTime), DateTimeKind.Utc));

        private void Arm()
        {
            _due = After(Clock.GetUtcNow());
            Wait();
        }

        private void Wait()
        {
            var wait = _due - Clock.GetUtcNow();
            _timer.Change(wait < LongestWait ? wait < TimeSpan.Zero ? TimeSpan.Zero : wait : LongestWait, Timeout.InfiniteTimeSpan);
        }

        private void OnTimer()
        {
            if (_owner._invoker.Stopping.IsCancellationRequested)
            {
                return;
            }

            if (Clock.GetUtcNow() < _due)
            {
                Wait();
                return;
            }

            Run(isPastDue: false);
        }

        private void Run(bool isPastDue)
        {
            _owner._inFlight.Enter();
            var began = Clock.GetUtcNow();
            _ = Task.Run(() => RunAsync(isPastDue, began));
        }

        private async Task RunAsync(bool isPastDue, DateTimeOffset began)
        {
            try
            {
                _owner._invoker.Events.Statistics.Count(Figure.TimerCalls);
                var body = _owner._payloads.Timer(_function, Status(), isPastDue);
                var outcome = await _owner._invoker.InvokeAsync(_function, body);
                if (outcome.Kind == OutcomeKind.Abandoned)
                {
                    return;
                }

                if (outcome.Kind == OutcomeKind.Answered)
                {
                    QueueOutput.Write(_owner._storage.Queues, _function, outcome.Answer!);
                }

                if (IsMonitored)
                {
                    _owner._storage.Schedules[_function.Name] = new ScheduleStatus(began, After(Clock.GetUtcNow()), began);
                }

                Arm();
            }
            finally
            {
                _owner._inFlight.Leave();
            }
        }

        private string? Status() =>
            IsMonitored && _owner._storage.Schedules.TryGetValue(_function.Name, out var status)
                ? $$"""{"Last":"{{DateText.WithOffset(status.Last)}}","Next":"{{DateText.WithOffset(status.Next)}}","LastUpdated":"{{DateText.WithOffset(status.LastUpdated)}}"}"""
                : null;
    }
}
