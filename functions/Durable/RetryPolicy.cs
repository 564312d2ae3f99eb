using PracticPro.Durable.History;

namespace PracticPro.Durable;

/// <summary>
/// When a failed call is made again. The delay after attempt n (from 1) is
/// <c>min(MaxInterval, FirstInterval × Coefficient^(n-1))</c>, waited for with a durable timer.
/// There is no further attempt when the failure is marked non-retriable, when <see cref="MaxAttempts"/> are made,
/// when <see cref="RetryTimeout"/> has passed since the first, or when <see cref="Retries"/> says no.
/// </summary>
internal sealed record RetryPolicy
{
    /// <exception cref="ArgumentOutOfRangeException">
    /// A first interval not above zero, fewer than one attempt, or a coefficient under 1.
    /// </exception>
    public RetryPolicy(TimeSpan firstInterval, int maxAttempts, double coefficient = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(firstInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxAttempts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(coefficient, 1);
        (FirstInterval, MaxAttempts, Coefficient) = (firstInterval, maxAttempts, coefficient);
    }

    public TimeSpan FirstInterval { get; }

    /// <summary>All attempts, the first included.</summary>
    public int MaxAttempts { get; }

    public double Coefficient { get; }

    public TimeSpan MaxInterval { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Measured from the first attempt with the orchestration's own time.</summary>
    public TimeSpan RetryTimeout { get; init; } = TimeSpan.MaxValue;

    /// <summary>Which failures are worth another attempt. Must be a pure function of the failure.</summary>
    public Func<FailureDetails, bool> Retries { get; init; } = static _ => true;

    /// <summary>The wait before the next attempt, or null when there is none.</summary>
    /// <param name="attempt">The attempt that failed, from 1.</param>
    internal TimeSpan? DelayAfter(FailureDetails failure, int attempt, TimeSpan sinceFirst)
    {
        if (failure.NonRetriable || attempt >= MaxAttempts || sinceFirst >= RetryTimeout || !Retries(failure))
        {
            return null;
        }

        // Compared as doubles: a large power would not fit a TimeSpan.
        var ticks = FirstInterval.Ticks * Math.Pow(Coefficient, attempt - 1);
        return ticks < MaxInterval.Ticks ? TimeSpan.FromTicks((long)ticks) : MaxInterval;
    }
}
