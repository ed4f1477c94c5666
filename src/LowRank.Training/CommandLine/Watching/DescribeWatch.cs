using System.Reflection;
using LowRank.Training.CommandLine.Commands;

namespace LowRank.Training.CommandLine.Watching;

/// <summary><c>describe --watch</c>: follows a project as it is saved, and shows on a page what its models cost.</summary>
internal static class DescribeWatch
{
    /// <summary>The port of the page: always the same, that an open page finds a watch which is started again.</summary>
    public const int UsualPort = 5290;

    /// <summary>Watches until the program is told to stop.</summary>
    /// <param name="app">The program.</param>
    /// <param name="models">What its models cost, as it was built.</param>
    /// <param name="described">The model, where it is one, and the options of its description, for what is built anew.</param>
    /// <param name="port">The page's port; null for the usual one.</param>
    /// <param name="given">The project, as the user names it; null to look for it.</param>
    /// <returns>The exit code of what stopped it.</returns>
    public static int Run(AppSession app, ModelDescriptions models, IReadOnlyList<string> described, int? port, string? given)
    {
        var assembly = Assembly.GetEntryAssembly()?.GetName().Name ?? "this program";
        var project = ProjectSearch.Find(given, assembly, AppContext.BaseDirectory, Environment.CurrentDirectory);
        using var build = new ProjectBuild(project, described);
        using var sources = new SourceWatch();
        sources.Follow(build.Folders);
        RunAsync(app, models, project, port, Build, sources.WaitAsync).GetAwaiter().GetResult();
        return app.Signals.ExitCodeWhenStopped;

        async Task<BuildResult> Build(bool restores, CancellationToken stop)
        {
            var result = await build.RunAsync(restores, stop);
            sources.Follow(build.Folders);
            return result;
        }
    }

    /// <summary>Watches what is built and saved in any way.</summary>
    /// <param name="app">The program.</param>
    /// <param name="models">What its models cost, as it was built.</param>
    /// <param name="project">The project's file.</param>
    /// <param name="port">The page's port; null for the usual one.</param>
    /// <param name="build">Builds what is saved, and describes it; told whether packages may have changed.</param>
    /// <param name="saves">Waits for a save, and names the files.</param>
    internal static async Task RunAsync(
        AppSession app,
        ModelDescriptions models,
        string project,
        int? port,
        Func<bool, CancellationToken, Task<BuildResult>> build,
        Func<CancellationToken, Task<IReadOnlyList<string>>> saves
    )
    {
        var name = Path.GetFileNameWithoutExtension(project);
        var state = new WatchState(models).Building(null);
        var live = new NewestText(WatchPage.Render(state, name));
        using var server = PageServer.Start(port, UsualPort, live);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(app.Stop);
        var serving = server.RunAsync(stop.Token);
        app.Console.Output.WriteLine($"{server.Address} shows {name} as it is saved. Ctrl-C ends it.");
        app.Console.Output.Flush();
        try
        {
            var restores = true;
            while (true)
            {
                state = state.Built(await build(restores, stop.Token));
                Show();
                var files = await saves(stop.Token);
                // What could not be restored is tried again.
                restores = state.Errors.Count > 0 || files.Any(SourceFiles.ChangesPackages);
                state = state.Building(new Save(DateTime.Now, [.. files.Select(file => Path.GetFileName(file))]));
                Show();
            }
        }
        catch (OperationCanceledException) when (app.Stop.IsCancellationRequested)
        {
            // That is how it ends.
        }
        finally
        {
            await stop.CancelAsync();
            await serving;
        }

        void Show()
        {
            live.Set(WatchPage.Render(state, name));
            if (!state.IsBuilding)
                app.Say(WatchWords.Said(state));
        }
    }
}
