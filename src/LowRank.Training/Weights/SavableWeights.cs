using LowRank.Models;
using LowRank.Training.SafeTensors;
using static TorchSharp.torch;

namespace LowRank.Training.Weights;

/// <summary>What the readers of a model's weights ask for, held by the writers before anything is written.</summary>
internal static class SavableWeights
{
    /// <summary>Refuses a model that could not be loaded again as it is.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="InputException">Its weights have several types or are no numbers, or the type that it computes in is not
    /// kept.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public static void Check(LanguageModel model)
    {
        RefuseDisposed(model);
        var (name, options) = (model.Accounting.Model, model.Options);
        foreach (var (weight, parameter) in model.named_parameters())
        {
            if (parameter.dtype != options.DataType || SavedTypes.OfWeights(parameter.dtype) is null)
            {
                throw new InputException(
                    $"'{weight}' of {name} is {parameter.dtype}, and the model was built with {options.DataType}; a checkpoint is loaded in one type "
                        + "of floating point, so build the model with that as ModelOptions.DataType."
                );
            }
        }

        if (options.ComputeType is { } type && type != ScalarType.BFloat16 && type != options.DataType)
        {
            throw new InputException(
                $"{name} computes in {type} with weights in {options.DataType}, which a checkpoint doesn't keep; build it with a ComputeType "
                    + "that is null or BFloat16."
            );
        }

        RefuseInfinite(model);
    }

    /// <summary>Refuses a model whose memory is gone; it has no parameters any more, and would be written as an empty one.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public static void RefuseDisposed(LanguageModel model)
    {
        var weights = model.named_parameters().ToList();
        ObjectDisposedException.ThrowIf(weights.Count == 0 || weights.Exists(weight => weight.parameter.IsInvalid), model);
    }

    /// <summary>Refuses weights that every reader refuses.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="InputException">A value is infinite or no number.</exception>
    public static void RefuseInfinite(LanguageModel model)
    {
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (FiniteWeights.Wrong(parameter) is { } wrong)
            {
                throw new InputException(
                    $"'{name}' of {model.Accounting.Model} has {wrong}, and no such weights are loaded again; go back to weights from before "
                        + "the training diverged."
                );
            }
        }
    }
}
