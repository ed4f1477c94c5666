using LowRank.Examples.Models;
using LowRank.Training.CommandLine;

// Without arguments: dense, low rank and guided, side by side. With arguments: any command over the models of this program.
return await LowRankApp.RunAsync(args, new AppDefaults { Model = nameof(PaperXs) });
