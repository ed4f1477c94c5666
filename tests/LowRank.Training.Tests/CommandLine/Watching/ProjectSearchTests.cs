using LowRank.Training.CommandLine.Watching;

namespace LowRank.Training.Tests.CommandLine.Watching;

public sealed class ProjectSearchTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_project_stands_above_the_folder_that_the_program_was_built_into()
    {
        var project = folder.Write("app/App.csproj", "<Project />");
        folder.Write("app/bin/Debug/net10.0/App.dll", "");
        folder.Write("All.csproj", "<Project />");
        Assert.Equal(project, ProjectSearch.Find(null, "App", folder.Under("app", "bin", "Debug", "net10.0")));
    }

    [Fact]
    public void Where_the_program_was_moved_away_it_is_looked_for_from_the_current_folder()
    {
        var project = folder.Write("app/App.csproj", "<Project />");
        folder.Write("elsewhere/App.dll", "");
        Assert.Equal(project, ProjectSearch.Find(null, "App", folder.Under("elsewhere"), folder.Under("app")));
    }

    [Fact]
    public void The_name_of_the_assembly_is_what_counts()
    {
        const string named = "<Project><PropertyGroup><AssemblyName>App</AssemblyName></PropertyGroup></Project>";
        const string computed = "<Project><PropertyGroup><AssemblyName>$(Prefix).App</AssemblyName></PropertyGroup></Project>";
        var project = folder.Write("app/Other.csproj", named);
        folder.Write("app/App.csproj", "<Project><PropertyGroup><AssemblyName>Another</AssemblyName></PropertyGroup></Project>");
        folder.Write("app/Damaged.csproj", "<Project");
        var unknown = folder.Write("app/Computed.csproj", computed);
        Assert.Equal(project, ProjectSearch.Find(null, "App", folder.Under("app")));
        Assert.Equal(unknown, ProjectSearch.Find(null, "Computed", folder.Under("app")));
    }

    [Fact]
    public void A_project_may_be_named_or_its_folder()
    {
        var project = folder.Write("app/App.csproj", "<Project />");
        Assert.Equal(project, ProjectSearch.Find(project, "Whatever"));
        Assert.Equal(project, ProjectSearch.Find(folder.Under("app"), "Whatever"));
    }

    [Fact]
    public void What_is_not_found_is_said()
    {
        folder.Write("empty/readme.txt", "");
        folder.Write("two/A.csproj", "<Project />");
        folder.Write("two/B.csproj", "<Project><PropertyGroup><AssemblyName>A</AssemblyName></PropertyGroup></Project>");
        var (empty, two) = (folder.Under("empty"), folder.Under("two"));
        Assert.Equal(
            $"No project that is built as App was found in {empty} or {two}, or above. Say where it is: --project PATH.",
            Refused(null, "App", empty, two)
        );
        Assert.Equal(
            $"Several projects in {two} are built as A: A.csproj, B.csproj. Say which one it is: --project PATH.",
            Refused(null, "A", two)
        );
        Assert.Equal($"There are several projects in '{two}': A.csproj, B.csproj. Give --project one of them.", Refused(two, "A"));
        Assert.Equal($"There is no .csproj in '{empty}'; give --project the file, or another folder.", Refused(empty, "A"));
        var text = folder.Under("empty", "readme.txt");
        Assert.Equal($"--project takes a .csproj or its folder, not '{text}'.", Refused(text, "A"));
    }

    private static string Refused(string? given, string assembly, params string[] starts) =>
        Assert.Throws<InputException>(() => ProjectSearch.Find(given, assembly, starts)).Message;
}
