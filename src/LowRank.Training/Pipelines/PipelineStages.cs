using System.Text.Json;
using LowRank.Training.Deduplication;
using LowRank.Training.Documents;
using LowRank.Training.Files;

namespace LowRank.Training.Pipelines;

/// <summary>
/// The stages of a pipeline: its steps, cut into passes by the searches for duplicates, which have to see all documents before any can be
/// left out; then tokens, and the report.
/// </summary>
internal sealed class PipelineStages
{
    private readonly Pipeline pipeline;
    private readonly PipelinePlan plan;
    private readonly PipelineFolder folder;
    private readonly List<string> passes = [];
    private readonly List<Stage> stages = [];

    /// <param name="pipeline">The declaration.</param>
    /// <param name="plan">What it was begun with.</param>
    /// <param name="folder">Where it writes.</param>
    /// <param name="threads">How many threads a task may have when there are no other tasks.</param>
    public PipelineStages(Pipeline pipeline, PipelinePlan plan, PipelineFolder folder, int threads)
    {
        (this.pipeline, this.plan, this.folder) = (pipeline, plan, folder);
        var units = plan.Units.Count;
        // Units are done side by side; what is left of the threads judges documents of one unit.
        var inner = Math.Max(1, threads / units);
        var steps = pipeline.Steps.Where(step => step is not TokensStep).ToList();
        var last = steps.Count(step => step is DuplicatesStep);
        (string Name, DuplicateSearch Search)? found = null;
        for (var (pass, at) = (0, 0); pass <= last; pass++, at++)
        {
            var filters = steps.Skip(at).TakeWhile(step => step is FilterStep).Cast<FilterStep>().ToList();
            at += filters.Count;
            var next = at < steps.Count ? (DuplicatesStep)steps[at] : null;
            var search = next?.Create(folder.Duplicates(next.Name), pipeline.Splitter);
            AddPass(pass, pass == last, filters, found, search, inner);
            if (search is not null)
            {
                stages.Add(new Stage($"{next!.Name}-match", () => search.MatchTasks, Match(search, units)));
                stages.Add(new Stage($"{next.Name}-cluster", () => 1, Cluster(search, units)));
                found = (next.Name, search);
            }
        }

        var tokens = pipeline.Steps.OfType<TokensStep>().FirstOrDefault() is { } step
            ? new TokenStages(
                step.Options,
                folder,
                units,
                (unit, cancellation) => ReadLeft(folder.DocumentsOf(last, isLast: true, unit), cancellation),
                () => Records(passes[^1]).Sum(record => record.KeptBytes)
            )
            : null;
        if (tokens is not null)
            stages.AddRange(tokens.Stages());
        stages.Add(new Stage("report", () => 1, (_, _) => Report(tokens)));
    }

    /// <summary>The stages in their order.</summary>
    public IReadOnlyList<Stage> All => stages;

    private void AddPass(
        int pass,
        bool isLast,
        IReadOnlyList<FilterStep> filters,
        (string Name, DuplicateSearch Search)? found,
        DuplicateSearch? next,
        int threads
    )
    {
        var name = pass == 0 ? "filter" : $"filter-after-{found!.Value.Name}";
        var filterPass = new FilterPass
        {
            Read =
                pass == 0
                    ? ReadInput
                    : (unit, _, cancellation) => ReadLeft(folder.DocumentsOf(pass - 1, isLast: false, unit), cancellation),
            Write = unit =>
            {
                var path = folder.DocumentsOf(pass, isLast, unit);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                return new DocumentWriter(path, AtomicFile.UnfinishedName(Path.Combine(folder.Unfinished, Path.GetFileName(path))));
            },
            Words = pipeline.Splitter,
            Steps = filters,
            Found = found,
            Next = next,
        };
        passes.Add(name);
        stages.Add(
            new Stage(
                name,
                () => plan.Units.Count,
                (unit, cancellation) =>
                    JsonSerializer.SerializeToUtf8Bytes(Run(filterPass, unit, threads, cancellation), PipelineJson.Default.UnitRecord)
            )
        );
    }

    // Half of a file isn't taken: one of a folder that is damaged, or no text, counts as a file that can't be read.
    private UnitRecord Run(FilterPass pass, int unit, int threads, CancellationToken cancellation)
    {
        try
        {
            return pass.Run(unit, threads, cancellation);
        }
        catch (UnusableTextException exception) when (!plan.Units[unit].IsNamed)
        {
            return (pass with { Read = (_, reading, _) => Unreadable(reading, exception.Say(JsonNamingPolicy.CamelCase.ConvertName)) }).Run(
                unit,
                threads,
                cancellation
            );
        }
    }

    private static Document[] Unreadable(UnitReading reading, string why)
    {
        reading.Unreadable = why;
        return [];
    }

    private IEnumerable<Document> ReadInput(int unit, UnitReading reading, CancellationToken cancellation)
    {
        var records = new RecordReading(plan.Units[unit].Path, pipeline.TextColumn, cancellation)
        {
            WithMetadata = true,
            Limits = new ReadingLimits { LargestRecord = pipeline.LargestDocument, LargestFile = pipeline.LargestFile },
        };
        foreach (var document in DocumentReader.Read(records))
            yield return document;
        reading.Broken = records.Broken;
        reading.WithoutText = records.WithoutText;
    }

    // Written by the pass before: a document is no bomb only since its text repeats itself, or takes more room as JSON.
    private static IEnumerable<Document> ReadLeft(string path, CancellationToken cancellation) =>
        DocumentReader.Read(
            new RecordReading(path, TextOptions.UsualColumn, cancellation)
            {
                WithMetadata = true,
                Limits = new ReadingLimits
                {
                    LargestRecord = Array.MaxLength,
                    LargestFile = long.MaxValue,
                    LargestExpansion = long.MaxValue,
                },
            }
        );

    private static Func<int, CancellationToken, ReadOnlyMemory<byte>> Match(DuplicateSearch search, int units) =>
        (task, cancellation) =>
        {
            search.Match(task, units, cancellation);
            return Stage.Nothing;
        };

    private static Func<int, CancellationToken, ReadOnlyMemory<byte>> Cluster(DuplicateSearch search, int units) =>
        (_, cancellation) =>
        {
            search.Cluster(units, cancellation);
            return Stage.Nothing;
        };

    private ReadOnlyMemory<byte> Report(TokenStages? tokens)
    {
        var builder = new ReportBuilder(plan);
        foreach (var pass in passes)
            builder.Add(Records(pass), pass == passes[0]);
        var report = builder.Build(tokens?.Count());
        AtomicFile.Write(folder.Report, JsonSerializer.SerializeToUtf8Bytes(report, PipelineJson.Default.PipelineReport));
        return Stage.Nothing;
    }

    private IEnumerable<UnitRecord> Records(string pass) =>
        Enumerable
            .Range(0, plan.Units.Count)
            .Select(unit => JsonSerializer.Deserialize(File.ReadAllBytes(folder.Done(pass, unit)), PipelineJson.Default.UnitRecord)!);
}
