using LowRank.Models;
using LowRank.Training.SafeTensors;
using static TorchSharp.torch;

namespace LowRank.Training.Weights;

/// <summary>In which type the weights of a checkpoint were saved: the file's own header is the record of it.</summary>
internal static class SavedTypes
{
    /// <summary>The type, where weights can have it; null otherwise.</summary>
    /// <param name="type">The type.</param>
    public static ScalarType? OfWeights(ScalarType? type) =>
        type is ScalarType.Float64 or ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16 ? type : null;

    /// <summary>The one type that all weights of a file have; null where they have several.</summary>
    /// <param name="file">The file.</param>
    public static ScalarType? In(string file)
    {
        var names = SafeTensorsFile.ReadHeader(file).Values.Select(entry => entry.Type).Distinct(StringComparer.Ordinal).ToList();
        return names is [var name] ? OfWeights(SafeTensorsTypes.Read(name)) : null;
    }

    /// <summary>
    /// Refuses to load weights of one type into a model that was built for another: the declaration may be the right one.
    /// </summary>
    /// <param name="folder">The checkpoint.</param>
    /// <param name="file">Its weights.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="InputException">The model was built for another type.</exception>
    public static void Check(string folder, string file, LanguageModel model)
    {
        if (In(file) is { } saved && saved != model.Options.DataType)
        {
            throw new InputException(
                $"The checkpoint {folder} holds weights in {saved}, and the model is built for {model.Options.DataType}; "
                    + $"build it with ModelOptions.DataType = ScalarType.{saved}, or load it without options."
            );
        }
    }
}
