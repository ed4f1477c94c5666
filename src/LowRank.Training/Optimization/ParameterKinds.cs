using LowRank.Layers;
using LowRank.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LowRank.Training.Optimization;

/// <summary>Sorts a model's parameters by what they are to an optimizer.</summary>
internal sealed class ParameterKinds
{
    private readonly Dictionary<Parameter, ParameterKind> kinds = new(ReferenceEqualityComparer.Instance);

    /// <summary>Looks at the model's layers.</summary>
    /// <param name="model">The model.</param>
    public ParameterKinds(nn.Module model)
    {
        // A tied head is the embedding's table and belongs to no linear layer anyway.
        var head = (model as LanguageModel)?.HeadWeight;
        foreach (var linear in model.modules().OfType<LinearLayer>())
        {
            foreach (var (_, parameter) in linear.named_parameters(recurse: false))
            {
                if (parameter.dim() == 2 && !ReferenceEquals(parameter, head))
                    kinds[parameter] = ParameterKind.Matrix;
            }
        }

        foreach (var linear in model.modules().OfType<LowRankLinear>())
        {
            kinds[linear.U] = ParameterKind.Factor;
            kinds[linear.V] = ParameterKind.Factor;
            if (linear.Guide is { } guide)
                kinds[guide] = ParameterKind.Guide;
        }
    }

    /// <summary>What a parameter is.</summary>
    public ParameterKind Of(Parameter parameter) => kinds.GetValueOrDefault(parameter, ParameterKind.Other);
}
