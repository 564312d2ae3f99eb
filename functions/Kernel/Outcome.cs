using System.Diagnostics.CodeAnalysis;

namespace PracticPro.Kernel;

/// <summary>Any outcome, for the one place that turns outcomes into answers without knowing what is in them.</summary>
internal interface IOutcome
{
    Failure? Failure { get; }

    /// <summary>The value, or null when there is a failure.</summary>
    object? Value { get; }
}

/// <summary>
/// A value or an expected <see cref="Failure"/>; exactly one of the two. The default value is neither and throws when read.
/// </summary>
internal readonly struct Outcome<T> : IOutcome
{
    // Invariant: failure is null exactly when the outcome holds a value and made is true.
    private readonly T? value;
    private readonly Failure? failure;
    private readonly bool made;

    public Outcome(T value)
    {
        this.value = value;
        made = true;
    }

    public Outcome(Failure failure)
    {
        this.failure = failure;
        made = true;
    }

    public bool Succeeded => Checked.failure is null;

    /// <summary>The failure, or null when the outcome holds a value.</summary>
    public Failure? Failure => Checked.failure;

    object? IOutcome.Value => Checked.value;

    private Outcome<T> Checked => made ? this : throw new InvalidOperationException("An outcome was never set.");

    /// <summary>What becomes of the value; a failure stays what it is.</summary>
    public Outcome<TOther> Then<TOther>(Func<T, TOther> map) =>
        Checked.failure is null ? new(map(value!)) : new(failure!);

    public static implicit operator Outcome<T>(T value) => new(value);

    public static implicit operator Outcome<T>(Failure failure) => new(failure);

    /// <summary>True with the value, or false with the failure.</summary>
    public bool Try([MaybeNullWhen(false)] out T result, [NotNullWhen(false)] out Failure? why)
    {
        result = Checked.value;
        why = failure;
        return failure is null;
    }

    public TResult Match<TResult>(Func<T, TResult> onValue, Func<Failure, TResult> onFailure) =>
        Checked.failure is null ? onValue(value!) : onFailure(failure!);

    /// <summary>The value, where a failure would be a bug. Throws with the failure's code.</summary>
    public T Expect() => Checked.failure is null ? value! : throw new UnexpectedFailureException(failure!);
}

/// <summary>The value of an outcome that has nothing to say but that it succeeded.</summary>
internal readonly record struct Done
{
    public static Done Value => default;
}

/// <summary>A failure reached a place where it could not be handled as a value.</summary>
internal sealed class UnexpectedFailureException(Failure failure) : Exception(failure.Code)
{
    public Failure Failure { get; } = failure;
}
