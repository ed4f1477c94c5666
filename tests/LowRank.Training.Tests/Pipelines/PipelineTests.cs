using System.Globalization;
using LowRank.Tests.Pipelines;
using LowRank.Training.Documents;
using LowRank.Training.Pipelines;

namespace LowRank.Training.Tests.Pipelines;

public sealed class PipelineTests : IDisposable
{
    private const int Files = 7;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Documents_go_through_the_steps_and_are_counted_by_reason()
    {
        MadeCrawl.Write(folder.Under("crawl"), Files);
        var job = Job("out");
        Assert.Null(Run(job, TaskShare.All));

        var report = job.Report();
        Assert.Equal(Files * MadeCrawl.Documents, report.Documents);
        // Of each ten one is too short, and one is there in all files.
        var quality = report.Steps.Single(step => step.Step == StepNames.GopherQuality);
        Assert.Equal(Files * MadeCrawl.Documents / 10, quality.Dropped);
        Assert.Equal(quality.Dropped, quality.Reasons["gopher_short_doc"]);
        Assert.Equal(StepTally.ExamplesOfReason, quality.Examples.Count);
        Assert.Equal("https://example.org/0/1", quality.Examples[0].Url);
        Assert.Equal((Files - 1) * MadeCrawl.Documents / 10, report.Steps.Single(step => step.Step == StepNames.Exact).Dropped);
        // Of the near duplicates, which are those of every file, one group each is left.
        var near = report.Steps.Single(step => step.Step == StepNames.MinHash);
        Assert.InRange(near.Dropped, (Files - 1) * MadeCrawl.Documents / 10 * 8 / 10, (Files - 1) * MadeCrawl.Documents / 10);
        Assert.Equal(Files * MadeCrawl.Documents / 10, report.Steps[^1].Removals.Values.Sum());

        var left = Left(job).ToList();
        Assert.Equal(report.Kept, left.Count);
        Assert.Equal(left.Count, left.Select(document => document.Text).Distinct().Count());
        Assert.DoesNotContain(left, document => document.Text.Contains("@mail", StringComparison.Ordinal));
        Assert.All(left, document => Assert.StartsWith("https://example.org/", document.Url, StringComparison.Ordinal));
        Assert.False(Directory.Exists(job.Folder.Work));
    }

    [Fact]
    public void Any_mixture_of_tasks_threads_and_a_hundred_stops_gives_the_same_bytes()
    {
        MadeCrawl.Write(folder.Under("crawl"), Files);
        Run(Job("whole"), TaskShare.All);
        var expected = MadeCrawl.Hashes(folder.Under("whole"));
        var random = new Random(7);
        var stops = 0;
        for (var round = 0; stops < 100; round++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"stopped-{round}");
            string? missing;
            do
            {
                using var stop = new CancellationTokenSource();
                var tasks = random.Next(1, 6);
                var job = Job(name);
                stop.CancelAfter(TimeSpan.FromMilliseconds(random.Next(1, 60)));
                try
                {
                    missing = Run(job, new TaskShare(random.Next(tasks), tasks), random.Next(1, 4), cancellation: stop.Token);
                }
                catch (OperationCanceledException)
                {
                    stops++;
                    missing = "all";
                }
            } while (missing is not null);

            Assert.Equal(expected, MadeCrawl.Hashes(folder.Under(name)));
        }
    }

    [Fact]
    public void A_task_ends_where_others_come_first_and_goes_on_later()
    {
        MadeCrawl.Write(folder.Under("crawl"), Files);
        Assert.Equal("'exact-match' waits for 3 of 7 tasks of 'filter'", Run(Job("out"), new TaskShare(0, 2)));
        Assert.NotNull(Run(Job("out"), new TaskShare(1, 2)));
        while (Run(Job("out"), new TaskShare(0, 2)) is not null)
            Run(Job("out"), new TaskShare(1, 2));
        Assert.True(File.Exists(folder.Under("out", "report.json")));
    }

    [Fact]
    public async Task Tasks_that_wait_for_each_other_all_end()
    {
        MadeCrawl.Write(folder.Under("crawl"), Files);
        var all = Enumerable.Range(0, 3).Select(task => Task.Run(() => Run(Job("out"), new TaskShare(task, 3), waits: true))).ToArray();
        await Task.WhenAll(all).WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        Run(Job("alone"), TaskShare.All);
        Assert.Equal(MadeCrawl.Hashes(folder.Under("alone")), MadeCrawl.Hashes(folder.Under("out")));
    }

    [Fact]
    public void A_damaged_file_of_a_folder_is_counted_and_a_named_one_refused()
    {
        MadeCrawl.Write(folder.Under("crawl"), 2);
        var whole = File.ReadAllBytes(folder.Under("crawl", "001.jsonl"));
        folder.Write("crawl/002.jsonl.gz", [0x1F, 0x8B, 8, 0, .. whole]);
        var job = Job("out");
        Run(job, TaskShare.All);
        var report = job.Report();
        Assert.Equal((3, 1), (report.Files, report.UnreadableFiles));
        Assert.Equal(2 * MadeCrawl.Documents, report.Documents);

        var named = Job("named", input: folder.Under("crawl", "002.jsonl.gz"));
        Assert.Contains(
            "002.jsonl.gz",
            Assert.ThrowsAny<InputException>(() => Run(named, TaskShare.All)).Message,
            StringComparison.Ordinal
        );
        Assert.Empty(Directory.GetFiles(folder.Under("named"), "*.zst", SearchOption.AllDirectories));
    }

    [Fact]
    public void Broken_records_are_counted_and_named()
    {
        MadeCrawl.Write(folder.Under("crawl"), 1);
        File.AppendAllText(folder.Under("crawl", "000.jsonl"), "{ \"text\": 3 }\n");
        var job = Job("out");
        Run(job, TaskShare.All);
        Assert.Equal(1, job.Report().Broken);
        Assert.Contains("Line 61", job.Report().FirstBroken, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_was_begun_with_another_pipeline_is_refused_with_what_differs()
    {
        MadeCrawl.Write(folder.Under("crawl"), 2);
        Run(Job("out"), TaskShare.All);
        Refused("""{ "step": "gopher-quality", "minWords": 21 }""", "gopher-quality");
        MadeCrawl.Write(folder.Under("crawl"), 3);
        Refused("""{ "step": "gopher-quality", "minWords": 20, "minStopWords": null }""", "002.jsonl");

        void Refused(string quality, string named)
        {
            var message = Assert.Throws<InputException>(() => Run(Job("out", quality: quality), TaskShare.All)).Message;
            Assert.Contains("was begun with another pipeline", message, StringComparison.Ordinal);
            Assert.Contains(named, message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_document_of_which_nothing_is_left_is_none()
    {
        // Were it written, the duplicate behind it would be looked for at the wrong place.
        folder.Write(
            "crawl/documents.jsonl",
            """
            {"text":"Please enable javascript for this page."}
            {"text":"A window that looks out on the garden."}
            {"text":"A window that looks out on the garden."}

            """
        );
        var job = Job("out", quality: """{ "step": "c4", "minSentences": null }""");
        Assert.Null(Run(job, TaskShare.All));
        Assert.Equal("A window that looks out on the garden.", Assert.Single(Left(job)).Text);
        Assert.Equal(1, job.Report().Steps.Single(step => step.Step == StepNames.C4).Reasons["empty"]);
    }

    [Fact]
    public void What_is_done_is_found_done_also_where_tokens_were_made()
    {
        MadeCrawl.Write(folder.Under("crawl"), 2);
        const string Tokens = """{ "step": "tokens", "vocabulary": 300, "validationFraction": 0.2 }""";
        Assert.Null(Run(Job("out", last: Tokens), TaskShare.All));
        var written = MadeCrawl.Hashes(folder.Under("out"));
        Assert.True(File.Exists(folder.Under("out", "tokens", "tokens.json")));
        foreach (var waits in new[] { false, true })
        {
            Assert.Null(Run(Job("out", last: Tokens), TaskShare.All, waits: waits));
            Assert.Null(Run(Job("out", last: Tokens), new TaskShare(1, 2), waits: waits));
        }

        Assert.Equal(written, MadeCrawl.Hashes(folder.Under("out")));
    }

    [Fact]
    public void Where_nothing_is_left_there_is_a_report_and_no_tokens()
    {
        MadeCrawl.Write(folder.Under("crawl"), 2);
        var job = Job(
            "out",
            quality: """{ "step": "gopher-quality", "minWords": 100000 }""",
            last: """{ "step": "tokens", "vocabulary": 300 }"""
        );
        Assert.Null(Run(job, TaskShare.All));
        Assert.Equal((0, 0L), (job.Report().Kept, job.Report().Tokens));
        Assert.False(Directory.Exists(job.Folder.Tokens));
    }

    [Fact]
    public void An_output_with_something_else_in_it_is_refused()
    {
        MadeCrawl.Write(folder.Under("crawl"), 1);
        folder.Write("out/documents/other.jsonl", "{}");
        Assert.Contains(
            "is there already and not empty",
            Assert.Throws<InputException>(() => Run(Job("out"), TaskShare.All)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_output_within_the_input_is_refused()
    {
        MadeCrawl.Write(folder.Under("crawl"), 1);
        Assert.Contains("lies within the input", Assert.Throws<InputException>(() => Job("crawl/out")).Message, StringComparison.Ordinal);
    }

    private static string? Run(
        PipelineJob job,
        TaskShare share,
        int threads = 2,
        bool waits = false,
        CancellationToken cancellation = default
    ) => job.Run(share, threads, waits, new Silence(), cancellation);

    private static IEnumerable<Document> Left(PipelineJob job) =>
        Directory.GetFiles(job.Folder.Documents).Order(StringComparer.Ordinal).SelectMany(file => DocumentReader.Read(file));

    private PipelineJob Job(
        string output,
        string? input = null,
        string quality = """{ "step": "gopher-quality", "minWords": 20, "minStopWords": null }""",
        string last = """{ "step": "pii" }"""
    )
    {
        var steps = $$"""[ {{quality}}, { "step": "exact" }, { "step": "minhash" }, {{last}} ]""";
        var text = $$"""
            { "input": {{Quoted(input ?? folder.Under("crawl"))}}, "output": {{Quoted(
                folder.Under(output.Split('/'))
            )}}, "steps": {{steps}} }
            """;
        return PipelineJob.Of(PipelineFile.Parse("pipeline.json", text), CancellationToken.None);
    }

    private static string Quoted(string path) => $"\"{System.Text.Json.JsonEncodedText.Encode(path)}\"";

    private sealed class Silence : IProgress<string>
    {
        public void Report(string value) { }
    }
}
