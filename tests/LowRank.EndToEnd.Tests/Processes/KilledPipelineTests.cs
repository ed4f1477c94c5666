using System.Globalization;
using LowRank.Tests.Pipelines;

namespace LowRank.EndToEnd.Tests.Processes;

/// <summary>
/// Processes of a pipeline that are killed. <c>KILLS=100</c> before the tests kills a hundred of them instead of a few.
/// </summary>
public sealed class KilledPipelineTests
{
    private const int UsualKills = 8;
    private const int Files = 12;

    // Milliseconds: of what a start takes, and of the work behind it.
    private const int WithinStart = 600;
    private const int WithinWork = 400;

    [Fact]
    public void Processes_killed_at_random_moments_leave_what_one_process_writes()
    {
        using var folder = new WorkFolder();
        MadeCrawl.Write(folder.Under("crawl"), Files);
        var whole = ExampleProcess.Run(folder.Path, Arguments("whole"));
        Assert.True(whole.ExitCode == 0, whole.Error);
        var expected = MadeCrawl.Hashes(folder.Under("whole"));

        var kills = int.TryParse(
            Environment.GetEnvironmentVariable("KILLS"),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var given
        )
            ? given
            : UsualKills;
        var random = new Random(5);
        var round = 0;
        for (var kill = 0; kill < kills; round++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"killed-{round}");
            while (kill < kills && !File.Exists(Path.Combine(folder.Under(name), "report.html")))
            {
                var tasks = random.Next(1, 4);
                using var process = ExampleProcess.Start(folder.Path, [.. Arguments(name), .. Share(random.Next(tasks), tasks)]);
                if (random.Next(2) == 0)
                    process.WaitForError("filter:");
                Thread.Sleep(random.Next(random.Next(2) == 0 ? WithinStart : WithinWork));
                if (process.HasExited)
                    Assert.True(process.WaitForExit() == 0, process.Error);
                else
                    kill++;
                process.Kill();
            }

            var last = ExampleProcess.Run(folder.Path, Arguments(name));
            Assert.True(last.ExitCode == 0, last.Error);
            Assert.Equal(expected, MadeCrawl.Hashes(folder.Under(name)));
        }
    }

    private static string[] Share(int task, int tasks) =>
        ["--task", task.ToString(CultureInfo.InvariantCulture), "--tasks", tasks.ToString(CultureInfo.InvariantCulture)];

    private static string[] Arguments(string output) =>
        [
            "data",
            "--text",
            "crawl",
            "--output",
            output,
            "--steps",
            "gopher-quality",
            "exact",
            "minhash",
            "pii",
            "tokens",
            "--set",
            "gopher-quality.minWords=20",
            "gopher-quality.minStopWords=null",
            "tokens.vocabulary=300",
            "tokens.shardTokens=20000",
        ];
}
