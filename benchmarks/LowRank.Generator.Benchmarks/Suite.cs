using System.Globalization;

namespace LowRank.Generator.Benchmarks;

/// <summary>Everything that is measured.</summary>
internal static class Suite
{
    /// <summary>The longest a keystroke in a project of 100 models may take, in milliseconds.</summary>
    private const double KeystrokeBar = 10;

    private const string WithAnalyzers = "unrelated keystroke and analyzers";

    // About linear; sizes of caches bend the line a little.
    private const double GrowthBar = 1.2;

    private static readonly int[] Sizes = [1, 10, 100, 1_000];

    private static readonly (string Name, Func<Project, List<double>> Time)[] Timed =
    [
        ("cold run", project => Timing.Milliseconds(project.ColdRun)),
        ("unrelated keystroke", project => Timing.Milliseconds(project.UnrelatedKeystroke)),
        (WithAnalyzers, project => Timing.Milliseconds(project.UnrelatedKeystrokeWithAnalyzers)),
        ("keystroke in a model's own method", project => Timing.Milliseconds(project.KeystrokeInOwnMethod)),
        ("one-model edit", project => Timing.Milliseconds(project.ModelEdit)),
        ("one-model edit and analyzers", project => Timing.Milliseconds(project.ModelEditWithAnalyzers)),
        ("attribute lookup alone", project => Timing.Milliseconds(project.UnrelatedKeystrokeOfLookup)),
        ("unrelated keystroke and analyzer driver", project => Timing.Milliseconds(project.UnrelatedKeystrokeWithDriver)),
        ("unrelated keystroke and analyzer driver, idle", project => Timing.Milliseconds(project.UnrelatedKeystrokeWithIdleAnalyzer)),
    ];

    /// <param name="only">A part of the name of what is to be measured; "" for everything.</param>
    /// <param name="onMeasured">Hears of each figure when it is there.</param>
    public static List<Figure> Measure(string only, Action<Figure> onMeasured)
    {
        var figures = new List<Figure>();
        foreach (var (name, time) in Timed.Where(timed => timed.Name.Contains(only, StringComparison.Ordinal)))
        {
            // The first size would otherwise be timed in code that is not optimized yet.
            _ = time(new Project(100));
            var medians = new List<(int Models, double Cost)>();
            foreach (var size in Sizes)
            {
                double? bar = size == 100 && name == WithAnalyzers ? KeystrokeBar : null;
                var title = string.Create(CultureInfo.InvariantCulture, $"{name}, {size:#,0} model{(size == 1 ? "" : "s")}");
                var figure = Figure.Of(title, time(new Project(size)), "ms", bar);
                medians.Add((size, figure.Median));
                Add(figure);
            }

            // With one model it is all fixed costs.
            Add(Growth.Of($"growth of {name}, 10 to 1,000 models", medians[1..], GrowthBar));
        }

        foreach (var figure in "retained memory".Contains(only, StringComparison.Ordinal) ? RetainedMemory.Measure() : [])
            Add(figure);
        return figures;

        void Add(Figure figure)
        {
            figures.Add(figure);
            onMeasured(figure);
        }
    }
}
