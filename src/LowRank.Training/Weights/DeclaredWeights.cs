using LowRank.Models;
using static TorchSharp.torch;

namespace LowRank.Training.Weights;

/// <summary>A declared model seen as a transformer of equal blocks: what it computes, and where its weights are.</summary>
internal sealed class DeclaredWeights
{
    private DeclaredWeights(string name, TransformerFacts facts, IReadOnlyList<BlockWeights> blocks)
    {
        Name = name;
        Facts = facts;
        Blocks = blocks;
    }

    /// <summary>The model's name.</summary>
    public string Name { get; }

    public TransformerFacts Facts { get; }

    public required ModelWeight Embedding { get; init; }

    public ModelWeight? Positions { get; init; }

    public IReadOnlyList<BlockWeights> Blocks { get; }

    public required LinearWeights FinalNorm { get; init; }

    /// <summary>The head, or null where it is the token embedding.</summary>
    public ModelWeight? Head { get; init; }

    /// <summary>All weights, biases and gains, in an order that the facts alone decide.</summary>
    public IEnumerable<ModelWeight> Weights =>
        new[] { Embedding, Positions }
            .Concat(Blocks.SelectMany(block => block.All))
            .Concat([FinalNorm.Weight, FinalNorm.Bias, Head])
            .OfType<ModelWeight>();

    /// <summary>Reads a model.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="InputException">It isn't declared by attributes, or its blocks are not one attention and one feed-forward of equal
    /// sizes.</exception>
    public static DeclaredWeights Of(LanguageModel model)
    {
        var facts = DeclaredFacts.Read(model);
        var names = new Dictionary<nn.Module, string>(ReferenceEqualityComparer.Instance);
        foreach (var (name, module) in model.named_modules())
            names[module] = name;
        var reader = new LayerReader(module => names[module]);
        var children = model.named_children().ToDictionary(child => child.name, child => child.module, StringComparer.Ordinal);
        return new DeclaredWeights(
            model.Accounting.Model,
            facts,
            [.. Enumerable.Range(0, facts.Depth).Select(block => reader.Block(LayersOf(model, block)))]
        )
        {
            Embedding = reader.Table(children["embedding"]),
            Positions = children.TryGetValue("positions", out var positions) ? reader.Table(positions) : null,
            FinalNorm = reader.Norm(children["final_norm"]),
            Head = children.TryGetValue("head", out var head) ? reader.Linear(head).Weight : null,
        };
    }

    private static IEnumerable<nn.Module> LayersOf(LanguageModel model, int block) =>
        model
            .Sublayers.SelectMany(sublayer => sublayer.Layers.Zip(sublayer.Blocks))
            .Where(pair => pair.Second == block)
            .Select(pair => pair.First);
}
