using System.Globalization;
using System.Numerics;
using LowRank.Layers;
using LowRank.Training.FineTuning;
using LowRank.Training.Runs;
using LowRank.Training.Runs.Options;

namespace LowRank.Training.Checkpoints;

/// <summary>Finds what no checkpoint can say, so that it is called damaged instead of failing later, somewhere else.</summary>
internal static class CheckpointInfoCheck
{
    /// <summary>Checks all that is used.</summary>
    /// <exception cref="InvalidDataException">A value can't be; file and key are named.</exception>
    public static void Validate(CheckpointInfo info)
    {
        Within("format", info.Format, 1, CheckpointInfoFile.Format);
        Named("model", info.Model);
        Defined("variant", info.Variant);
        Within("vocabulary", info.Vocabulary, 1, int.MaxValue);
        Within("options.steps", info.Options.Steps, 1, long.MaxValue);
        Within("step", info.Step, 0, info.Options.Steps);
        Named("dataFingerprint", info.DataFingerprint);
        Check("options", info.Options);
        if (info.Changes is { } changes)
            Check("changes", changes);
        foreach (var (guide, index) in info.Guides.Select((guide, index) => (guide, index)))
            Named(At("guides", index), guide);
        foreach (var (name, share) in info.GuideShares ?? new Dictionary<string, double>())
            NotNegative($"guideShares.{name}", share);
        foreach (var (layer, index) in (info.MergedAdapters ?? []).Select((layer, index) => (layer, index)))
            Named(At("mergedAdapters", index), layer);
        foreach (var (name, updates) in info.Updates)
            Within($"updates.{name}", updates, 0, info.Options.Steps);
        Check("totals", info.Totals, info.Options.Steps);
        Check("files", info.Files);
    }

    private static void Check(string place, TrainingOptions options)
    {
        Possible(place, DeclaredTrainingOptions.All, options);
        Defined($"{place}.optimizer", options.Optimizer);
        Named($"{place}.device", options.Device);
        Named($"{place}.precision", options.Precision);
        if (options.FineTuning is { } tuning)
            Check($"{place}.fineTuning", tuning);
    }

    private static void Check(string place, FineTuningOptions options)
    {
        Defined($"{place}.method", options.Method);
        Defined($"{place}.guide", options.Guide);
        Within($"{place}.projections", (int)options.Projections, 0, (int)Projections.All);
        Possible(place, DeclaredFineTuningOptions.All, options);
    }

    private static void Possible<T>(string place, IReadOnlyList<DeclaredOption<T>> declared, T options)
    {
        foreach (var option in declared)
        {
            if (option.Damage(options) is { } damage)
                throw Damaged($"{place}.{option.Key}", damage);
        }
    }

    private static void Check(string place, ModelChanges changes)
    {
        for (var index = 0; index < changes.Factored.Count; index++)
        {
            var at = At($"{place}.factored", index);
            var layer = Present(at, changes.Factored[index]);
            Named($"{at}.layer", layer.Layer);
            Within($"{at}.rank", layer.Rank, 1, int.MaxValue);
        }

        for (var index = 0; index < changes.Adapted.Count; index++)
        {
            var at = At($"{place}.adapted", index);
            var layer = Present(at, changes.Adapted[index]);
            Named($"{at}.layer", layer.Layer);
            for (var number = 0; number < layer.Parts.Count; number++)
                Check(At($"{at}.parts", number), layer.Parts[number]);
        }
    }

    private static void Check(string place, LoraPart? part)
    {
        var adapter = Present(place, part);
        Within($"{place}.firstOutput", adapter.FirstOutput, 0, int.MaxValue);
        Within($"{place}.outputs", adapter.Outputs, 1, int.MaxValue);
        Within($"{place}.rank", adapter.Rank, 1, int.MaxValue);
        NotNegative($"{place}.alpha", adapter.Alpha);
        NotNegative($"{place}.dropout", adapter.Dropout);
    }

    private static void Check(string place, RunTotals totals, long steps)
    {
        Within($"{place}.flops", totals.Flops, 0, decimal.MaxValue);
        Within($"{place}.guidedFlops", totals.GuidedFlops, 0, decimal.MaxValue);
        Within($"{place}.guidedSteps", totals.GuidedSteps, 0, steps);
        NotNegative($"{place}.seconds", totals.Seconds);
        NotNegative($"{place}.guidedSeconds", totals.GuidedSeconds);
        Within($"{place}.peakMemoryBytes", totals.PeakMemoryBytes, 0, long.MaxValue);
        Within($"{place}.peakDeviceMemoryBytes", totals.PeakDeviceMemoryBytes ?? 0, 0, long.MaxValue);
        Within($"{place}.parametersAtStart", totals.ParametersAtStart, 0, long.MaxValue);
        if (totals.Final is { } final)
        {
            Within($"{place}.final.step", final.Step, 0, steps);
            for (var source = 0; source < final.Sources?.Count; source++)
                Present(At($"{place}.final.sources", source), final.Sources[source]);
        }

        var validation = Present($"{place}.validation", totals.Validation);
        for (var index = 0; index < validation.Count; index++)
        {
            var at = At($"{place}.validation", index);
            Within($"{at}.step", Present(at, validation[index]).Step, 0, steps);
        }
    }

    private static void Check(string place, IReadOnlyList<CheckpointFile> files)
    {
        for (var index = 0; index < files.Count; index++)
        {
            var at = At(place, index);
            var file = Present(at, files[index]);
            // A path would make it read, and believe, what lies elsewhere.
            if (file.Name.Length == 0 || file.Name != Path.GetFileName(file.Name) || file.Name.Contains('\\', StringComparison.Ordinal))
                throw Damaged($"{at}.name", $"is no name of a file, '{file.Name}'");
            Within($"{at}.bytes", file.Bytes, 0, long.MaxValue);
        }

        if (files.All(file => file.Name != Checkpoint.ModelFile))
            throw Damaged(place, $"doesn't name {Checkpoint.ModelFile}");
    }

    private static string At(string place, int index) => string.Create(CultureInfo.InvariantCulture, $"{place}[{index}]");

    // The reader finds null for members, but not for members that are missing, nor for elements of lists.
    private static T Present<T>(string key, T? value)
        where T : class => value ?? throw Damaged(key, "is null or missing");

    private static void Named(string key, string? value)
    {
        if (string.IsNullOrEmpty(value))
            throw Damaged(key, "is empty");
    }

    private static void Defined<T>(string key, T value)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
            throw Damaged(key, $"is unknown: {value}");
    }

    private static void Within<T>(string key, T value, T least, T most)
        where T : INumber<T>
    {
        if (value < least || value > most)
            throw Damaged(key, string.Create(CultureInfo.InvariantCulture, $"is {value}, which is not from {least} to {most}"));
    }

    private static void NotNegative(string key, double value)
    {
        if (!(value >= 0 && double.IsFinite(value)))
            throw Damaged(key, string.Create(CultureInfo.InvariantCulture, $"is {value}, which is no finite number of at least 0"));
    }

    private static InvalidDataException Damaged(string key, string what) => new($"{CheckpointFolder.InfoFile}: '{key}' {what}");
}
