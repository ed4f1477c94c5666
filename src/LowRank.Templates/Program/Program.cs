using LowRank.Training.CommandLine;
using Models;

// Without arguments: the model trained dense and low rank, side by side. --help lists the commands.
return await LowRankApp.RunAsync(args, new AppDefaults { Model = nameof(SmallTransformer) });
