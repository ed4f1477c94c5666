using System.Diagnostics.CodeAnalysis;
using LowRank.Blocks;
using LowRank.Generator.Model;
using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.Training.Variations;

/// <summary>A module of the user's own in a composed model.</summary>
internal sealed class ComposedPart : ModuleSublayer
{
    private ComposedPart(PartOptions part, TransformerModel model, ISequenceModule module, ModelOptions options)
        : base(
            "PartLayer",
            ComposedNorm.Before(model, options),
            module,
            part.OwnParameters,
            part.OwnFlopsPerToken,
            ComposedNorm.After(model, options)
        ) { }

    /// <summary>The layer of one block.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2072", Justification = "[Part] keeps the constructors of the class that it names.")]
    public static ComposedPart Of(PartOptions part, TransformerModel model, ModelOptions options)
    {
        var module = (ISequenceModule)Activator.CreateInstance(PartReader.ClassOf(part), options with { Initialize = false })!;
        return new(part, model, module, options);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x, KeyValueCache? cache)
    {
        using var input = Norms.Read(x);
        return Norms.Apply(Run(input, cache));
    }
}
