using System.Globalization;
using LowRank.Training.Data.Shards;
using LowRank.Training.Experiments;
using LowRank.Training.Files;
using LowRank.Training.FineTuning;
using LowRank.Training.Pipelines;
using LowRank.Training.Pretrained.Adapters;
using LowRank.Training.Pretrained.Config;
using LowRank.Training.Reporting;
using LowRank.Training.Reporting.Charts;
using LowRank.Training.Reporting.Comparing;
using LowRank.Training.Reporting.Pages;
using LowRank.Training.Runs;

namespace LowRank.Training.CommandLine;

/// <summary>Chooses the folder of a run that was given none, and checks a given one.</summary>
internal static class RunFolder
{
    private const string Root = "runs";

    // That many runs of a model don't begin within a second.
    private const int MostNames = 100;

    // What is written once a run is over, over what is there.
    private static readonly string[] Results =
    [
        ResultsFile.Name,
        ComparisonPage.Name,
        ChartFiles.Pattern,
        Path.Combine(TrainedAdapters.FolderName, AdapterFolder.InfoFile),
    ];

    /// <summary>
    /// Refuses a run's folder in which a folder has the name of a file that will be written; and one without a run in which a file has it,
    /// or which is a folder of something else.
    /// </summary>
    /// <exception cref="InputException">One has.</exception>
    public static void Check(string folder)
    {
        foreach (var name in new[] { MetricsLog.Name, ResultsFile.Name, RunLock.Name, RunLock.HolderName })
        {
            if (Directory.Exists(Path.Combine(folder, name)))
                throw new InputException(
                    $"--output '{folder}' has a folder '{name}', the name of a file of the run's; choose another --output."
                );
        }

        if (!Directory.Exists(folder) || HoldsAny(folder))
            return;
        if (WhatElse(folder) is { } what)
            throw new InputException($"--output '{folder}' holds {what} and no run; choose another --output.");
        foreach (var name in Results)
        {
            var place = Path.Combine(folder, Path.GetDirectoryName(name)!);
            if (Directory.Exists(place) && Directory.EnumerateFiles(place, Path.GetFileName(name)).FirstOrDefault() is { } file)
                throw new InputException(
                    $"--output '{folder}' holds no run, and '{file}' would be overwritten by one; choose another --output."
                );
        }
    }

    /// <summary>
    /// Refuses a run in the folder of a comparison or experiment, and a comparison in that of a run: both write results there.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="isComparison">Whether it is wanted for a comparison.</param>
    /// <exception cref="InputException">It is another's.</exception>
    public static void RefuseOtherKind(string folder, bool isComparison)
    {
        var isRun = HasBegun(folder);
        var isOfSeveral = Enum.GetValues<Variant>().Any(variant => HasBegun(Path.Combine(folder, variant.Key())));
        var isExperiment =
            Directory.Exists(Path.Combine(folder, RunStore.Runs)) && Directory.Exists(Path.Combine(folder, RunStore.Results));
        var other =
            isExperiment ? "an experiment"
            : isComparison && isRun ? "a run"
            : !isComparison && isOfSeveral && !isRun ? "a comparison"
            : null;
        if (other is not null)
            throw new InputException($"--output '{folder}' holds {other}, whose results would be overwritten; choose another --output.");
    }

    /// <summary>A new folder named after the time, or the newest one of the model.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="resume">Whether a run goes on.</param>
    /// <exception cref="InputException">A run is to go on and there is none.</exception>
    public static string Choose(string model, bool resume)
    {
        var parent = Path.Combine(Root, model);
        if (!resume)
        {
            var name = Path.Combine(parent, DateTime.Now.ToString("yyyy-MM-dd-HHmmss", CultureInfo.InvariantCulture));
            var free = name;
            for (var number = 2; Directory.Exists(free); number++)
                free = string.Create(CultureInfo.InvariantCulture, $"{name}-{number}");
            return free;
        }

        var newest = Directory.Exists(parent) ? Directory.GetDirectories(parent).Order(StringComparer.Ordinal).LastOrDefault() : null;
        return newest ?? throw new InputException($"There is no run under '{parent}' to go on with; give its folder with --output.");
    }

    /// <summary>
    /// Refuses to go on in a folder where nothing has begun, which a misspelled name is. A run without a checkpoint has begun.
    /// </summary>
    /// <param name="folder">The folder of a run or a comparison.</param>
    /// <exception cref="InputException">It isn't there, or holds no run.</exception>
    public static void RefuseWithoutRun(string folder)
    {
        if (!Directory.Exists(folder))
            throw new InputException($"There is no run '{folder}' to go on with; check --output, or leave --resume out to begin one.");
        if (!HoldsAny(folder))
            throw new InputException($"'{folder}' holds no run to go on with; check --output, or leave --resume out to begin one.");
    }

    /// <summary>
    /// Refuses a folder that another program holds, before long work; nothing is written there yet. One that nobody has named is taken at
    /// once: where a run that began at the same time has it already, another one is chosen. The first of several ranks does it for all.
    /// </summary>
    /// <param name="app">The program.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="isChosen">Whether nobody has named the folder.</param>
    /// <param name="options">The run; a folder that nobody has named may become another one.</param>
    /// <returns>The lock, where it is taken already.</returns>
    /// <exception cref="InputException">Another program holds it.</exception>
    public static RunLock? Reserve(AppSession app, string model, bool isChosen, ref TrainingOptions options)
    {
        var folder = options.Output!;
        if (!isChosen)
        {
            if (app.IsFirst)
                RunLock.RefuseIfHeld(folder);
            return null;
        }

        RunLock? held = null;
        folder = app.Ranks is null ? TakeFree() : app.Ranks.Agree(TakeFree);
        options = options with { Output = folder };
        return held;

        string TakeFree()
        {
            for (var names = 1; ; names++)
            {
                try
                {
                    held = RunLock.Acquire(folder);
                    return folder;
                }
                catch (InputException) when (names < MostNames && Directory.Exists(folder))
                {
                    folder = Choose(model, resume: false);
                }
            }
        }
    }

    /// <summary>Takes a folder that isn't reserved, which the first of several ranks does for all.</summary>
    /// <exception cref="InputException">Another program holds it.</exception>
    public static RunLock? Take(AppSession app, string folder, RunLock? reserved) =>
        reserved is null && app.IsFirst ? RunLock.Acquire(folder) : null;

    // What is read as a whole, which a run's files would be in between.
    private static string? WhatElse(string folder) =>
        Has(folder, PretrainedConfig.FileName) && Directory.EnumerateFiles(folder, "*.safetensors").Any() ? "a model in Hugging Face's form"
        : Has(folder, PeftAdapter.ConfigFile) ? "adapters in PEFT's form"
        : Has(folder, TokenFolderManifest.FileName) ? "tokens"
        : PipelineFolder.IsOne(folder) ? "the documents of a pipeline"
        : null;

    private static bool Has(string folder, string file) => File.Exists(Path.Combine(folder, file));

    // Of its own, or those of a comparison.
    private static bool HoldsAny(string folder) =>
        Holds(folder) || Enum.GetValues<Variant>().Any(variant => Holds(Path.Combine(folder, variant.Key())));

    private static bool Holds(string folder) => HasBegun(folder) || File.Exists(Path.Combine(folder, RunLock.Name));

    private static bool HasBegun(string folder) =>
        File.Exists(Path.Combine(folder, MetricsLog.Name)) || Directory.Exists(Path.Combine(folder, RunFiles.Checkpoints));
}
