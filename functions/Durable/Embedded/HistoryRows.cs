namespace PracticPro.Durable.Embedded;

/// <summary>The table <c>history</c>: one piece a turn.</summary>
internal sealed class HistoryRows(HubFile file)
{
    private readonly Statement insert = file.Make("INSERT INTO history (instance, turn, events) VALUES (?1, ?2, ?3)");
    private readonly Statement read = file.Make("SELECT events FROM history WHERE instance = ?1 ORDER BY turn");
    private readonly Statement deleteTurn = file.Make("DELETE FROM history WHERE instance = ?1 AND turn = ?2");

    private readonly Statement first = file.Make(
        "SELECT events FROM history WHERE instance = ?1 ORDER BY turn LIMIT 1");

    private readonly Statement delete = file.Make("DELETE FROM history WHERE instance = ?1");

    public void Insert(long instance, long turn, byte[] events) => insert.Bind(instance).Bind(turn).Bind(events).Run();

    /// <summary>All pieces, oldest first, not parsed.</summary>
    public List<byte[]> Load(long instance)
    {
        List<byte[]> pieces = [];
        read.Bind(instance);
        while (read.Step())
        {
            pieces.Add(read.Bytes(0));
        }

        return pieces;
    }

    /// <summary>The oldest piece, which holds the start; null when no turn has been taken.</summary>
    public byte[]? First(long instance)
    {
        var piece = first.Bind(instance).Step() ? first.Bytes(0) : null;
        first.Reset();
        return piece;
    }

    public void DeleteTurn(long instance, long turn) => deleteTurn.Bind(instance).Bind(turn).Run();

    public void Delete(long instance) => delete.Bind(instance).Run();
}
