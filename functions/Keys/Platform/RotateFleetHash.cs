using PracticPro.Kernel;
using PracticPro.Vault;

namespace PracticPro.Keys.Platform;

/// <summary>
/// Changes the key fleet look-ups are hashed under, while everybody signs in (<see cref="FleetHashStep"/> draws it):
/// <list type="number">
/// <item>A generation is made, and known to every process before it is used.</item>
/// <item>From then on claims are made under both, so that two processes of which one is behind still meet under one key.</item>
/// <item>Everybody is entered under the newest. When a walk finds nothing left to do, the old one is said to be claimed under no
/// more, from a moment that every process hears of before.</item>
/// <item>Everybody is taken out from under the old one. It is retired when a whole walk, begun after nobody claims under it,
/// finds each entry under the newest and none under the old one. What then lies there still is nobody's: a claim whose
/// claimer died before it wrote its record.</item>
/// </list>
/// Each step may be done twice or by two at once. A run that died is gone on with by the next.
/// </summary>
internal sealed class RotateFleetHash(
    EnterFleet enter, PlatformKeys platform, IFleetHashKeys keys, PlatformPace pace, TimeProvider time)
{
    private const int MostWalks = 10;

    /// <summary>A change that is younger than this is not begun again by mistake.</summary>
    private static readonly TimeSpan Lately = TimeSpan.FromDays(1);

    /// <summary>What a run has to say while it goes on.</summary>
    internal abstract record News
    {
        private News()
        {
        }

        public sealed record Made(int Generation) : News;

        public sealed record Waiting(DateTimeOffset Until) : News;

        public sealed record Walked(FleetWalk Walk) : News;

        public sealed record LetGo(int Generation, FleetWalk Proof) : News;

        public sealed record Retired(int Generation, FleetWalk Proof) : News;
    }

    /// <summary>Begins a change, or goes on with the one under way, until it is done.</summary>
    /// <param name="evenLately">Also when the last one was done within a day.</param>
    public async Task<Outcome<Done>> RunAsync(bool evenLately, Action<News> tell, CancellationToken cancellation)
    {
        await keys.EndRetiredAsync(cancellation);
        for (var isBegun = false; ;)
        {
            await platform.LookAsync(cancellation);
            var now = time.GetUtcNow();
            switch (FleetHashStep.Next(platform.Generations, now))
            {
                case FleetHashStep.Rest when isBegun:
                    await keys.EndRetiredAsync(cancellation);
                    return Done.Value;
                case FleetHashStep.Rest { Only: var only }:
                    if (!evenLately && only.UsedFrom > now - Lately)
                    {
                        return new PlatformFailures.ChangedLately();
                    }

                    await keys.MakeAsync(only.Number + 1, now + pace.KnownBefore, cancellation);
                    tell(new News.Made(only.Number + 1));
                    break;
                case FleetHashStep.Wait { Until: var until }:
                    tell(new News.Waiting(until));
                    await Task.Delay(until - now, time, cancellation);
                    break;
                case FleetHashStep.Enter { Oldest: var oldest }:
                    var entered = await WalkAsync(letGo: false, tell, cancellation);
                    if (!entered.Try(out var complete, out var why))
                    {
                        return why;
                    }

                    await keys.LetGoAsync(oldest, time.GetUtcNow() + pace.KnownBefore, cancellation);
                    tell(new News.LetGo(oldest, complete));
                    break;
                case FleetHashStep.Retire { Oldest: var oldest }:
                    var left = await WalkAsync(letGo: true, tell, cancellation);
                    if (!left.Try(out var proof, out why))
                    {
                        return why;
                    }

                    await keys.RetireAsync(oldest, cancellation);
                    tell(new News.Retired(oldest, proof));
                    break;
            }

            isBegun = true;
        }
    }

    /// <summary>Walks until a whole walk finds nothing to do; that walk is the proof.</summary>
    private async Task<Outcome<FleetWalk>> WalkAsync(bool letGo, Action<News> tell, CancellationToken cancellation)
    {
        for (var walks = 0; walks < MostWalks; walks++)
        {
            var walk = await enter.RunAsync(letGo, null, cancellation);
            tell(new News.Walked(walk));
            if (walk.UnreadPractices + walk.UnreadRecords > 0)
            {
                return new PlatformFailures.NotAllRead(walk.UnreadPractices, walk.UnreadRecords);
            }

            if (walk.Refused > 0)
            {
                return new PlatformFailures.EntriesLeft(walk.Refused);
            }

            if (walk.Moved == 0)
            {
                return walk;
            }
        }

        return new PlatformFailures.NeverStill();
    }
}
