using LowRank.Blocks;
using LowRank.Models;
using LowRank.Training.Evaluation;
using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.Training.Loop;

/// <summary>
/// Whether modules written by hand are causal. One that sees later tokens learns to copy what it is to predict: the loss falls to nothing,
/// and what is generated, without any later token, means nothing. What the compiler writes is causal by construction and isn't looked at.
/// </summary>
internal static class CausalityCheck
{
    /// <summary>
    /// Runs each hand-written module over one sequence and over the same with other tokens at its end, and compares what comes out before
    /// them: a few forward passes of one sequence, whatever the model's size. No generator of the run's is drawn from, dropout and the like
    /// are off, and the weights are what they were afterwards.
    /// </summary>
    /// <param name="model">The model; it is to predict next tokens.</param>
    /// <param name="context">Tokens in one sequence of the run.</param>
    /// <exception cref="InputException">A module's output depends on later tokens.</exception>
    public static void Require(LanguageModel model, int context)
    {
        // A single token has none behind it.
        if (context < 2 || !model.Accounting.IsCausal)
            return;
        var name = model.Accounting.Model;
        if (model is ModuleLanguageModel { Module: var module })
        {
            using var tokens = Tokens(context, model, first: 0);
            using var others = Tokens(context, model, first: 1);
            if (LookAhead.Find(module, input => model.Hidden(input), tokens, others) is { } found)
                throw Refusal($"{name}.Hidden", found);
            return;
        }

        foreach (var sublayer in model.Sublayers)
        {
            // Every block has the same class here, which computes the same of other weights.
            if (sublayer.Layers[0] is not ModuleSublayer layer)
                continue;
            using var input = Vectors(context, model, seed: 1);
            using var others = Vectors(context, model, seed: 2);
            if (LookAhead.Find(layer, stream => layer.forward(stream, null), input, others) is { } found)
                throw Refusal($"{layer.Live.GetType().Name}.forward (the sublayer {sublayer.Name} of {name})", found);
        }
    }

    private static InputException Refusal(string what, LookAhead found) =>
        new(
            $"{what} sees later tokens: its output at position {found.Position} changes with the tokens from position {found.Changed} on. "
                + "So it would learn to copy what it is to predict, and generate nonsense. Let the output for a token depend on that token and "
                + "those before it alone, by a causal mask or padding before the first token; what is to see both sides is trained in a loop of your own."
        );

    // Ids from all over the vocabulary; from another one on, none is what it was.
    private static Tensor Tokens(int context, LanguageModel model, int first)
    {
        const long Stride = 7919;
        var ids = new long[context];
        for (var position = 0; position < context; position++)
            ids[position] = (position * Stride + first) % model.Vocabulary;
        return TokenTensor.Create(ids, 1, context, model.Options.Device);
    }

    // As a residual stream has them.
    private static Tensor Vectors(int context, LanguageModel model, ulong seed)
    {
        using var generator = new torch.Generator(seed, CPU);
        using var drawn = randn([1, context, model.HeadWeight.shape[1]], generator: generator);
        return drawn.to(model.Options.DataType, model.Options.Device);
    }
}
