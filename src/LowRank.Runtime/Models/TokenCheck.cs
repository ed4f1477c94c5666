using LowRank.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.Models;

/// <summary>
/// Says what is wrong with token ids. Shapes are looked at beforehand; the ids themselves only where the lookup has failed on the CPU, as
/// a look at each would keep a device waiting.
/// </summary>
internal static class TokenCheck
{
    /// <summary>Refuses what can't be token ids of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tokens">The ids.</param>
    /// <param name="name">The name of the parameter.</param>
    /// <param name="before">How many tokens were read before these.</param>
    /// <exception cref="ArgumentException">Type or shape is another one, or the sequence longer than the context.</exception>
    public static void Shape(LanguageModel model, Tensor tokens, string name, long before = 0)
    {
        ArgumentNullException.ThrowIfNull(tokens, name);
        if (tokens.dtype is not (ScalarType.Int64 or ScalarType.Int32))
            throw new ArgumentException($"{model.Accounting.Model} reads int64 token ids, not {tokens.dtype}.", name);
        var shape = tokens.shape;
        if (shape.Length != 2 || shape[1] == 0)
        {
            throw new ArgumentException(
                $"{model.Accounting.Model} reads token ids [batch, sequence], not [{string.Join(", ", shape)}]; view one sequence as [1, length].",
                name
            );
        }

        if (before + shape[1] > model.Context)
        {
            var read = before > 0 ? $" after the {before} that were read" : "";
            throw new ArgumentException(
                $"{model.Accounting.Model} has a context of {model.Context} tokens, and {shape[1]} were given{read}; give shorter sequences.",
                name
            );
        }
    }

    /// <summary>
    /// The first id that is outside the vocabulary, as a sentence; null where there is none, or where a device would have to be asked.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="tokens">The ids.</param>
    public static string? Outside(LanguageModel model, Tensor tokens)
    {
        if (tokens.device_type != DeviceType.CPU)
            return null;
        using var wide = tokens.to(ScalarType.Int64);
        using var flat = wide.flatten();
        using var ids = flat.data<long>();
        foreach (var id in ids)
        {
            if (id < 0 || id >= model.Vocabulary)
                return $"{model.Accounting.Model} has a vocabulary of {model.Vocabulary} ids, from 0 to {model.Vocabulary - 1}, and {id} was given.";
        }

        return null;
    }
}
