using System.Collections.Frozen;

namespace PracticPro.Keys.Destruction;

internal enum KeyEndMove
{
    Announce,
    Delete,
    Seal,
    Finish,
}

/// <summary>Every allowed move of a destruction. There is none back.</summary>
internal static class KeyEndTable
{
    private static readonly FrozenDictionary<(KeyEndState From, KeyEndMove Move), KeyEndState> Table =
        new Dictionary<(KeyEndState, KeyEndMove), KeyEndState>
        {
            [(KeyEndState.Requested, KeyEndMove.Announce)] = KeyEndState.Announced,
            [(KeyEndState.Announced, KeyEndMove.Delete)] = KeyEndState.Deleted,
            [(KeyEndState.Deleted, KeyEndMove.Seal)] = KeyEndState.Sealed,
            [(KeyEndState.Sealed, KeyEndMove.Finish)] = KeyEndState.Final,
        }.ToFrozenDictionary();

    /// <summary>Where the move leads, or null when it is not allowed from there.</summary>
    public static KeyEndState? After(KeyEndState from, KeyEndMove move) =>
        Table.TryGetValue((from, move), out var to) ? to : null;

    /// <summary>The one move that goes on from a state; null at the end.</summary>
    public static KeyEndMove? Next(KeyEndState from) =>
        Enum.GetValues<KeyEndMove>().Select(static move => (KeyEndMove?)move)
            .FirstOrDefault(move => Table.ContainsKey((from, move!.Value)));

    /// <summary>What to wait for before the next move, or null when nothing is in its way.</summary>
    public static DateTimeOffset? WaitOf(KeyEnd end, DateTimeOffset now) => end switch
    {
        { State: KeyEndState.Deleted, HeldUntil: { } until } when now < until => until,
        { State: KeyEndState.Sealed, FinalFrom: { } from } when now < from => from,
        _ => null,
    };

    /// <summary>The record after the move.</summary>
    /// <exception cref="InvalidOperationException">The move is not in the table.</exception>
    public static KeyEnd Moved(this KeyEnd end, KeyEndMove move) =>
        end with { State = After(end.State, move) ?? throw new InvalidOperationException("A destruction does not move so.") };
}
