using PracticPro.Simulation.Backfill;
using PracticPro.Simulation.Counterparts;
using PracticPro.Simulation.Crash;
using PracticPro.Simulation.Hub;
using PracticPro.Simulation.Rotate;
using PracticPro.Simulation.Sync;
using PracticPro.Simulation.Workers;

// Usage: KIND RUNS [--seed N]. One line a kind; what a kind needs of a second process is a kind of its own.
return args switch
{
    ["hub", .. var rest] => await HubSimulation.RunAsync(rest, CancellationToken.None),
    ["crash", .. var rest] => await CrashSimulation.RunAsync(rest, CancellationToken.None),
    ["azure", .. var rest] => await CounterpartSimulation.RunAsync(rest, CancellationToken.None),
    ["workers", .. var rest] => await WorkersSimulation.RunAsync(rest, CancellationToken.None),
    ["rotate", .. var rest] => await RotateSimulation.RunAsync(rest, CancellationToken.None),
    ["backfill", .. var rest] => await BackfillSimulation.RunAsync(rest, CancellationToken.None),
    ["sync", .. var rest] => await SyncSimulation.RunAsync(rest, CancellationToken.None),
    ["served-hub", .. var rest] => await Parts.ServeAsync(rest, CancellationToken.None),
    ["remote-worker", .. var rest] => await Parts.WorkAsync(rest, CancellationToken.None),
    ["hub-worker", .. var rest] => await HubWorker.RunAsync(rest, CancellationToken.None),
    _ => Unknown(),
};

static int Unknown()
{
    Console.Error.WriteLine("Usage: crash|azure|hub|workers|rotate|sync|backfill RUNS [--seed N]");
    return 2;
}
