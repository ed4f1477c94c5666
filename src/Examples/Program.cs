using LowRank.Examples.Models;
using LowRank.Training.CommandLine;
using LowRank.Training.Runs;

// Without arguments: the miniature trained dense, low rank and guided, side by side, in a few minutes on two cores.
// With arguments: any command over the models of this program.
var miniature = PaperXs.Cost.Summary;
return await LowRankApp.RunAsync(
    args,
    new AppDefaults
    {
        Model = nameof(PaperXs),
        Training = new TrainingOptions
        {
            Steps = PaperXs.Cost.Steps,
            SequencesPerStep = miniature.Run!.SequencesPerStep,
            SequencesPerMicroBatch = miniature.Run.SequencesPerMicroBatch,
            Context = miniature.Context,
            LearningRate = 4e-3,
            EvaluateEvery = 30,
        },
    }
);
