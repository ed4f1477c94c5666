using System.Threading.Channels;
using LowRank.Training.CommandLine;
using LowRank.Training.CommandLine.Watching;

namespace LowRank.Training.Tests.CommandLine.Watching;

/// <summary>The whole of a watch but for the builds, which are played.</summary>
public sealed class DescribeWatchTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Channel<IReadOnlyList<string>> saves = Channel.CreateUnbounded<IReadOnlyList<string>>();
    private readonly Channel<BuildResult> builds = Channel.CreateUnbounded<BuildResult>();
    private readonly List<bool> restores = [];

    [Fact]
    public async Task Each_save_is_built_and_shown_until_the_program_is_told_to_stop()
    {
        using var stop = new CancellationTokenSource();
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var signals = new StopSignals(TextWriter.Null, stop.Token);
        var app = new AppSession(new AppConsole(output, error, null), new AppDefaults(), [], signals);
        var watch = DescribeWatch.RunAsync(
            app,
            Described.Models(Described.Model("Small", "80")),
            Path.Combine("work", "App.csproj"),
            port: null,
            Build,
            async token => await saves.Reader.ReadAsync(token)
        );
        var address = output.ToString().Split(' ')[0];
        Assert.EndsWith(" shows App as it is saved. Ctrl-C ends it.", output.ToString().TrimEnd(), StringComparison.Ordinal);
        using var client = new HttpClient { Timeout = Patience };
        using var events = new StreamReader(await client.GetStreamAsync(new Uri(address + "events")));

        await Shows(events, "Building what is saved", "<span>80</span>");
        builds.Writer.TryWrite(Result("80"));
        await Shows(events, "The figures are those of what is saved.");
        Save(Path.Combine("work", "Model.cs"));
        await Shows(events, "Model.cs saved at", "building …", "<span>80</span>");
        builds.Writer.TryWrite(Result("90"));
        await Shows(events, "2 changes.", "was 80");
        Save("Model.cs");
        builds.Writer.TryWrite(BuildResult.Failed([new("Model.cs", 3, "CS1", "No")]));
        await Shows(events, "not built", "Model.cs:3", "stale", "<span>90</span>");
        // What could not be built may not have been restored either.
        Save("Model.cs");
        builds.Writer.TryWrite(Result("91"));
        await Shows(events, "2 changes.", "was 90");
        Save("App.csproj");
        builds.Writer.TryWrite(Result("91"));
        await Shows(events, "no figure changed");
        Assert.Equal([true, false, false, true, true], restores);

        await stop.CancelAsync();
        await watch.WaitAsync(Patience);
        Assert.Null(await events.ReadLineAsync());
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(new Uri(address)));
        Assert.Contains("  Model.cs:3: CS1: No", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_build_that_goes_wrong_by_itself_ends_the_watch_and_its_page()
    {
        using var signals = new StopSignals(TextWriter.Null, default);
        using var output = new StringWriter();
        var app = new AppSession(new AppConsole(output, TextWriter.Null, null), new AppDefaults(), [], signals);
        var watch = DescribeWatch.RunAsync(
            app,
            Described.Models(),
            "App.csproj",
            port: null,
            (_, _) => throw new IOException("The disk is gone."),
            token => throw new InvalidOperationException()
        );
        await Assert.ThrowsAsync<IOException>(() => watch.WaitAsync(Patience));
        using var client = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(new Uri(output.ToString().Split(' ')[0])));
    }

    private async Task<BuildResult> Build(bool isRestored, CancellationToken stop)
    {
        restores.Add(isRestored);
        return await builds.Reader.ReadAsync(stop);
    }

    private void Save(params string[] files) => saves.Writer.TryWrite(files);

    private static BuildResult Result(string parameters) => BuildResult.Of(Described.Models(Described.Model("Small", parameters)));

    // States that are passed quickly need not be seen.
    private static async Task Shows(StreamReader events, params string[] texts)
    {
        var shown = "";
        while (await events.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            shown += line + "\n";
            if (line.Length > 0)
                continue;
            if (texts.All(text => shown.Contains(text, StringComparison.Ordinal)))
                return;
            shown = "";
        }

        Assert.Fail($"The events have ended before {string.Join(", ", texts)}.");
    }
}
