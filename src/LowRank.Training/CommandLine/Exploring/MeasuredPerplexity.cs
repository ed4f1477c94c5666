using LowRank.Generator.Model;
using LowRank.Training.Experiments;
using LowRank.Training.Runs;

namespace LowRank.Training.CommandLine.Exploring;

/// <summary>What an experiment has measured of a model.</summary>
/// <param name="Contender">The contender; of several that trained the model, the one of the least mean.</param>
/// <param name="Mean">Mean perplexity of the validation text.</param>
/// <param name="Least">The least over the seeds.</param>
/// <param name="Most">The greatest over the seeds.</param>
/// <param name="Seeds">Number of seeds.</param>
internal sealed record MeasuredPerplexity(string Contender, double Mean, double Least, double Most, int Seeds)
{
    /// <summary>Reads the stores of experiments.</summary>
    /// <param name="places">Experiments' files, or the folders that they write.</param>
    /// <returns>What was measured, by what a model declares and how it was trained.</returns>
    /// <exception cref="InputException">There is no such experiment, or a result is damaged.</exception>
    public static IReadOnlyDictionary<(TransformerDeclaration Declaration, Variant Variant), MeasuredPerplexity> Read(
        IEnumerable<string> places
    )
    {
        var known = new Dictionary<string, TransformerDeclaration?>(StringComparer.Ordinal);
        return places
            .SelectMany(place => ResultsOf(place).Select(run => (Place: place, Run: run)))
            .Where(found => found.Run is { Plan.Sweep: false, Result.Stopped: false })
            .Select(found => (found.Place, found.Run, Declaration: DeclarationOf(found.Run.Plan.Model)))
            .Where(found => found.Declaration is not null)
            .GroupBy(found => (found.Place, found.Run.Plan.Contender, Key: (found.Declaration!, found.Run.Plan.Variant)))
            .Select(group =>
                (group.Key.Key, Measured: Of(group.Key.Contender, [.. group.Select(found => found.Run.Result!.ValidationPerplexity)]))
            )
            .GroupBy(pair => pair.Key, pair => pair.Measured)
            .ToDictionary(group => group.Key, group => group.MinBy(measured => measured.Mean)!);

        // What is measured of models that the program no longer declares concerns none that it does.
        TransformerDeclaration? DeclarationOf(string model)
        {
            if (!known.TryGetValue(model, out var declaration))
            {
                try
                {
                    declaration = ModelLookup.FindVaried(model).Declaration;
                }
                catch (InputException)
                {
                    declaration = null;
                }

                known.Add(model, declaration);
            }

            return declaration;
        }
    }

    private static MeasuredPerplexity Of(string contender, IReadOnlyList<double> values) =>
        new(contender, values.Average(), values.Min(), values.Max(), values.Count);

    private static IEnumerable<StoredRun> ResultsOf(string place)
    {
        var output = File.Exists(place) ? ExperimentFile.Read(place).Output : place;
        var results = Path.Combine(output, RunStore.Results);
        if (!Directory.Exists(results))
            throw new InputException(
                $"'{place}' holds no results of an experiment; name the experiment's file or the folder that it writes."
            );
        return Directory.EnumerateFiles(results, "*.json").Order(StringComparer.Ordinal).Select(StoreFile.ReadRun);
    }
}
