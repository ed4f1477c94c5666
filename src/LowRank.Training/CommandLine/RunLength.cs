using System.Globalization;
using LowRank.Training.Data;
using LowRank.Training.Data.Examples;
using LowRank.Training.Runs;
using LowRank.Training.Wording;

namespace LowRank.Training.CommandLine;

/// <summary>Says how much a run reads, and warns where its text is too small for that.</summary>
internal static class RunLength
{
    // Up to four epochs are nearly as good as new text (Muennighoff et al., 2023, arXiv 2305.16264).
    private const double MostEpochs = 4;

    /// <summary>Says it on standard error.</summary>
    /// <param name="app">The program.</param>
    /// <param name="options">The run.</param>
    /// <param name="data">The text.</param>
    public static void Say(AppSession app, TrainingOptions options, TokenDataset data)
    {
        var sampler = new BatchSampler(data, options.Context, options.SequencesPerStep, options.Seed);
        var tokens = Quantity.Count((decimal)options.Steps * options.SequencesPerStep * options.Context);
        if (data.Mixture is not { } mixture)
        {
            var epochs = sampler.Epochs(0, options.Steps);
            app.Say(
                data.Examples is { } examples
                    ? $"The run reads {tokens} tokens: {Write(epochs)} epochs of {Quantity.Count(examples.Training.Count)} examples in {Quantity.Count(sampler.WindowsPerEpoch())} rows, {Percent(examples, options.Context)} of which is padding."
                    : $"The run reads {tokens} tokens: {Write(epochs)} epochs of a training text of {Quantity.Count(data.Training.Count)} tokens."
            );
            if (data.Examples?.Training.Packed(options.Context).Note() is { } note)
                app.Say($"Note: {note}");
            // Of examples few epochs are usual, and everybody chooses how many.
            if (epochs > MostEpochs && data.Examples is null)
                NoteSmall(app, "the text", Steps(1));
            return;
        }

        app.Say($"The run reads {tokens} tokens of a mixture:");
        for (var source = 0; source < sampler.Sources; source++)
        {
            app.Say(
                $"  {mixture.Percent(source)} of '{mixture.Names[source]}', {Write(sampler.Epochs(source, options.Steps))} epochs "
                    + $"of {Quantity.Count(mixture.Sources[source].Training.Count)} tokens"
            );
        }

        for (var source = 0; source < sampler.Sources; source++)
        {
            if (sampler.Epochs(source, options.Steps) > MostEpochs)
                NoteSmall(app, $"'{mixture.Names[source]}'", Steps(mixture.Share(source), source));
        }

        decimal Steps(double share, int source = 0) =>
            Math.Max(1, decimal.Floor((decimal)(MostEpochs / share) * sampler.WindowsPerEpoch(source) / options.SequencesPerStep));
    }

    private static void NoteSmall(AppSession app, string text, decimal steps) =>
        app.Say(
            $"Note: {text} is small for so long a run. Read more than {MostEpochs:0} times, it teaches less each time, and the model begins to know "
                + $"it by heart; give it more text, or at most {Quantity.Count(steps)} steps."
        );

    private static string Percent(ExampleSplits examples, int context)
    {
        var rows = examples.Training.Packed(context);
        return string.Create(CultureInfo.InvariantCulture, $"{100 - 100.0 * rows.Filled / (rows.Count * context):0.#} %");
    }

    private static string Write(double epochs) =>
        epochs < 10 ? epochs.ToString("0.00", CultureInfo.InvariantCulture) : Quantity.Count(decimal.Round((decimal)epochs));
}
