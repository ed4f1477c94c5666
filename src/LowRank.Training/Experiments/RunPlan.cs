using LowRank.Training.Conversations;
using LowRank.Training.Data;
using LowRank.Training.Runs;

namespace LowRank.Training.Experiments;

/// <summary>
/// One run of an experiment, with every option settled. Holds no absolute path, so that stores of several machines compare.
/// </summary>
/// <param name="Contender">The contender's name.</param>
/// <param name="Id">Its place under the runs and in the store: <c>dense/seed-1</c>, <c>dense/sweep-0.001-seed-1</c>.</param>
/// <param name="Sweep">Whether it only chooses a learning rate.</param>
/// <param name="Model">The model's full name.</param>
/// <param name="Variant">How it is trained.</param>
/// <param name="Declared">What the model's declaration comes to: a changed one is another run.</param>
/// <param name="Options">The run, without its folder.</param>
/// <param name="Corpus">The text; paths are relative to the experiment's file.</param>
/// <param name="Also">A further text whose perplexity is measured at the end; null for none.</param>
/// <param name="Conversations">What is learned from in the place of the text; null for that. Its paths are relative, too.</param>
internal sealed record RunPlan(
    string Contender,
    string Id,
    bool Sweep,
    string Model,
    Variant Variant,
    DeclaredCost Declared,
    TrainingOptions Options,
    CorpusOptions Corpus,
    CorpusOptions? Also = null,
    ConversationOptions? Conversations = null
);
