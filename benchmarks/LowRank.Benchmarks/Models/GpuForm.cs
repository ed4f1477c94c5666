using LowRank.Layers;
using LowRank.Models;

namespace LowRank.Benchmarks.Models;

/// <summary>One form of a model.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Rank">Rank of the feed-forward layers; 0 where they are dense.</param>
/// <param name="AttentionRank">Rank of attention's layers; 0 where they are dense.</param>
/// <param name="Create">Builds the generated model.</param>
internal sealed record GpuForm(string Name, int Rank, int AttentionRank, Func<ModelOptions, LanguageModel> Create);
