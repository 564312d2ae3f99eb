using Microsoft.Extensions.Logging;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Keys;
using PracticPro.Keys.Destruction;
using PracticPro.Storage;
using PracticPro.Storage.Drivers.Sqlite;
using PracticPro.Tests.Support;
using PracticPro.Tests.Vault.KeyVault;
using PracticPro.Vault;
using PracticPro.Vault.Drivers.Local;

namespace PracticPro.Tests.Keys;

/// <summary>What a practice of these tests keeps.</summary>
internal sealed record Kept(string Id, string Text)
{
    public static readonly RecordKind<Kept> Kind = new("kept", 1, Purpose.Notes, static kept => kept.Id);
}

/// <summary>
/// One store on disk and one key store, a key file or a vault, over which programs are opened; they can be stopped dead at
/// any write, and time passes while none runs.
/// </summary>
internal sealed class DestructionPremises : IAsyncDisposable
{
    public static readonly TenantId Practice = TenantId.Parse("t-practice");
    public static readonly TenantId Other = TenantId.Parse("t-other");

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("practicpro-destruction-");
    private readonly List<DestroyingProgram> programs = [];

    private DestructionPremises(FakeClock clock, VaultPremises? vault)
    {
        (Clock, Vault) = (clock, vault);
        DataFolder = Path.Combine(folder.FullName, "data");
        Start();
    }

    public FakeClock Clock { get; }

    /// <summary>The vault, where keys are in one; null: they are in a file.</summary>
    public VaultPremises? Vault { get; }

    public BackupTerms Backup { get; set; } = BackupTerms.None;

    public LinesOfTest Log { get; } = new();

    public string KeyFile => Path.Combine(folder.FullName, "keys", "keys.json");

    /// <summary>Where the store is; may be changed to another copy while it is closed.</summary>
    public string DataFolder { get; set; }

    public SqliteStorage Storage { get; private set; } = null!;

    /// <summary>Runs before each write to the store and around each destruction of a key; may throw.</summary>
    public Action BeforeWrite { get; set; } = static () => { };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static DestructionPremises Local() => new(new FakeClock(), null);

    public static async Task<DestructionPremises> InVaultAsync(int retentionDays = 90)
    {
        var clock = new FakeClock();
        var vault = await VaultPremises.OpenAsync(
            clock, options => options with { Retention = TimeSpan.FromDays(retentionDays) });
        return new DestructionPremises(clock, vault);
    }

    /// <summary>A program more over the same stores, with keys of its own in memory.</summary>
    public async Task<DestroyingProgram> OpenAsync(Func<IKeyEncryption, IKeyEncryption>? wrap = null)
    {
        IVault vault = Vault is null
            ? await LocalVault.OpenAsync(KeyFile, Clock, Log, Cancellation)
            : await Vault.VaultAsync();
        var program = new DestroyingProgram(this, vault, wrap ?? (static inner => inner));
        programs.Add(program);
        return program;
    }

    /// <summary>Makes both practices with records in them.</summary>
    public async Task FillAsync(int records = 20)
    {
        var program = await OpenAsync();
        foreach (var tenant in (TenantId[])[Practice, Other])
        {
            var scope = await program.Scopes.OpenAsync(tenant, Cancellation);
            await scope.CommitAsync(
                new AuditEntry(new Actor.Job("test"), AuditAct.PracticeCreated).With("name", "Harbour"),
                Enumerable.Range(0, records).Select(at => scope.Put(Kept.Kind, new Kept($"kept-{at}", $"text {at}"), Condition.Absent)),
                Cancellation);
        }
    }

    /// <summary>
    /// Has the clock go on until it is done: for what waits a moment and tries again. Not much faster than the real one:
    /// programs that wait for one another at a file are patient by this clock, and the disk takes the time it takes.
    /// </summary>
    public async Task<T> TickAsync<T>(Task<T> work)
    {
        using var patience = Deadline.Start(Cancellation);
        while (!work.IsCompleted)
        {
            await Deadline.MomentAsync(patience.Token);
            Clock.Advance(TimeSpan.FromMilliseconds(4));
        }

        return await work;
    }

    /// <summary>Ends all programs and the store, lets time pass, and opens the store again.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        await StopAsync();
        Clock.Advance(time);
        Start();
    }

    public async Task StopAsync()
    {
        BeforeWrite = static () => { };
        programs.ForEach(static program => program.Dispose());
        programs.Clear();
        await Storage.DisposeAsync();
    }

    public void Start() => Storage = SqliteStorage.Open(
        new EmbeddedStorageOptions { Folder = DataFolder, BeforeCommit = (_, _) => BeforeWrite() }, Clock);

    /// <summary>A copy of the store's folder, made while nothing runs.</summary>
    public async Task<string> CopyAsync()
    {
        await StopAsync();
        var copy = Path.Combine(folder.FullName, "copy");
        foreach (var file in Directory.EnumerateFiles(DataFolder, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(copy, Path.GetRelativePath(DataFolder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }

        Start();
        return copy;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (Vault is not null)
        {
            await Vault.DisposeAsync();
        }

        folder.Delete(recursive: true);
    }
}

/// <summary>The part of a program that destroys keys.</summary>
internal sealed class DestroyingProgram : IDisposable
{
    private readonly DestructionPremises premises;
    private readonly IVault vault;
    private readonly KeyRevocations revocations;

    public DestroyingProgram(DestructionPremises premises, IVault vault, Func<IKeyEncryption, IKeyEncryption> wrap)
    {
        (this.premises, this.vault) = (premises, vault);
        var (storage, clock) = (premises.Storage, premises.Clock);
        Encryption = wrap(vault.KeyEncryption);
        revocations = new KeyRevocations(storage.Fleet, clock);
        Ring = new KeyRing(storage, Encryption, clock, new KeyRingOptions(), revocations);
        Scopes = new TenantScopes(storage, Ring, new QueueBell(), clock);
        Shelf = new DestructionShelf(Scopes, storage, storage.Fleet);
        Certificates = new DestructionCertificates(storage, vault.Signer, premises.Backup);
        Control = new TryShredded(Shelf, Ring, Encryption, clock, premises.Log.For<TryShredded>());
        Steps = new DestructionSteps(
            Shelf,
            Certificates,
            Control,
            Encryption,
            revocations,
            new EndLeases(storage, clock),
            storage,
            premises.Backup,
            clock,
            premises.Log.For<DestructionSteps>());
        Ask = new AskDestruction(Shelf, Scopes, Encryption, clock);
    }

    public IKeyEncryption Encryption { get; }

    public KeyRing Ring { get; }

    public TenantScopes Scopes { get; }

    public DestructionShelf Shelf { get; }

    public DestructionCertificates Certificates { get; }

    public TryShredded Control { get; }

    public DestructionSteps Steps { get; }

    public AskDestruction Ask { get; }

    public ICheckpointSigner Signer => vault.Signer;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Asks, and takes steps until there is one to wait for.</summary>
    public async Task<DestroyKeys.Answer> DestroyAsync()
    {
        (await Ask.RunAsync(DestructionPremises.Practice, new Actor.Job("test"), Cancellation)).Expect();
        return await GoOnAsync();
    }

    public async Task<DestroyKeys.Answer> GoOnAsync()
    {
        for (var step = 0; step < 20; step++)
        {
            var answer = await Steps.TakeAsync(DestructionPremises.Practice, Cancellation);
            if (answer.HasEnded || answer.WaitUntil > premises.Clock.GetUtcNow() + TimeSpan.FromSeconds(1))
            {
                return answer;
            }
        }

        throw new InvalidOperationException("It goes round in circles.");
    }

    public async Task<KeyEnd> EndAsync() => (await Shelf.FindAsync(DestructionPremises.Practice, Cancellation))!.Value;

    public async Task<Failure> RefusalAsync() => (await Assert.ThrowsAsync<UnexpectedFailureException>(
        async () => await Ring.OpenAsync(DestructionPremises.Practice, Cancellation))).Failure;

    public void Dispose()
    {
        Ring.Dispose();
        revocations.Dispose();
        vault.Dispose();
    }
}

/// <summary>Keeps what is logged, a line each.</summary>
internal sealed class LinesOfTest : ILogger
{
    private readonly List<string> lines = [];

    public IReadOnlyList<string> Pages => Lines("Page: ");

    public IReadOnlyList<string> Lines(string beginning)
    {
        lock (lines)
        {
            return [.. lines.Where(line => line.StartsWith(beginning, StringComparison.Ordinal))];
        }
    }

    public ILogger<T> For<T>() => new Typed<T>(this);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (lines)
        {
            lines.Add(formatter(state, exception));
        }
    }

    private sealed class Typed<T>(ILogger inner) : ILogger<T>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            inner.Log(logLevel, eventId, state, exception, formatter);
    }
}
