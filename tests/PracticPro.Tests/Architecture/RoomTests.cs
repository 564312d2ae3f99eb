namespace PracticPro.Tests.Architecture;

/// <summary>Who may use whom. Every test first makes sure that it looked at something.</summary>
public sealed class RoomTests
{
    [Fact]
    public void Every_folder_of_the_program_is_a_room_in_the_table()
    {
        var folders = Directory.GetDirectories(Source.Program)
            .Select(path => Path.GetFileName(path)!)
            .Where(name => name is not ("bin" or "obj" or "Decisions" or "Properties" or "wwwroot"))
            .ToList();

        Assert.NotEmpty(folders);
        Assert.Empty(folders.Except(Room.All.Select(room => room.Name)));
    }

    [Fact]
    public void No_room_names_a_type_it_may_not_use()
    {
        var subjects = Compiled.Types.ToList();
        var strays =
            from type in subjects
            let room = Room.Of(type.FullName)!
            from named in Compiled.NamedBy(type)
            where Room.Of(named.FullName) is not null && !room.MayName(named.FullName)
            select $"{type.FullName} names {named.FullName}";

        Assert.True(subjects.Count > 100);
        Assert.True(!strays.Any(), string.Join("\n", strays.Distinct()));
    }

    [Fact]
    public void A_room_publishes_at_most_a_handful_of_files()
    {
        var published = Directory.GetDirectories(Source.Program, "Published", SearchOption.AllDirectories);

        Assert.NotEmpty(published);
        Assert.All(published, folder => Assert.InRange(Directory.GetFiles(folder, "*.cs").Length, 1, 5));
    }

    [Fact]
    public void Drivers_are_named_by_themselves_and_by_wiring_only()
    {
        var subjects = Compiled.Types.Where(type => !IsDriver(type.FullName)).ToList();
        var strays =
            from type in subjects
            where Room.Of(type.FullName)!.Kind is not (RoomKind.Wiring or RoomKind.Face)
            from named in Compiled.NamedBy(type)
            where IsDriver(named.FullName)
            select $"{type.FullName} names {named.FullName}";

        Assert.NotEmpty(subjects);
        Assert.True(!strays.Any(), string.Join("\n", strays.Distinct()));
    }

    [Fact]
    public void Kernel_uses_nothing_but_the_framework()
    {
        var packages = Compiled.PackagesNamedBy(static type => Room.Of(type.FullName)!.Name == "Kernel").ToList();

        Assert.NotEmpty(packages);
        Assert.All(packages, name => Assert.True(name.StartsWith("System", StringComparison.Ordinal) || name == "PracticPro.dll", name));
    }

    [Fact]
    public void Kernel_stays_small() =>
        Assert.InRange(Directory.GetFiles(Path.Combine(Source.Program, "Kernel"), "*.cs").Length, 5, 20);

    [Fact]
    public void The_fleet_is_asked_by_the_few_who_must()
    {
        string[] allowed = ["Storage", "Vault", "Keys", "Access", "Sync", "Hosting", "Cli"];
        var askers = Compiled.Types
            .Where(type => Compiled.NamedBy(type).Any(named => named.FullName == "PracticPro.Storage.IFleet"))
            .ToList();

        Assert.NotEmpty(askers);
        Assert.All(askers, type => Assert.Contains(Room.Of(type.FullName)!.Name, allowed));
    }

    private static bool IsDriver(string fullName) => fullName.Contains(".Drivers.", StringComparison.Ordinal);
}
