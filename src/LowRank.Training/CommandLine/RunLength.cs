using System.Globalization;
using LowRank.Training.Data;
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
        var perEpoch = new BatchSampler(data.Training, options.Context, options.SequencesPerStep, options.Seed).WindowsPerEpoch;
        var epochs = (double)((decimal)options.Steps * options.SequencesPerStep / perEpoch);
        app.Say(
            $"The run reads {Quantity.Count((decimal)options.Steps * options.SequencesPerStep * options.Context)} tokens: {Write(epochs)} epochs "
                + $"of a training text of {Quantity.Count(data.Training.Count)} tokens."
        );
        if (epochs > MostEpochs)
            app.Say(
                $"Note: the text is small for so long a run. Read more than {MostEpochs:0} times, it teaches less each time, and the model begins to know "
                    + $"it by heart; give it more text, or at most {Quantity.Count(Math.Max(1, decimal.Floor((decimal)MostEpochs * perEpoch / options.SequencesPerStep)))} steps."
            );
    }

    private static string Write(double epochs) =>
        epochs < 10 ? epochs.ToString("0.00", CultureInfo.InvariantCulture) : Quantity.Count(decimal.Round((decimal)epochs));
}
