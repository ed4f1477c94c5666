using LowRank.Models;
using static TorchSharp.torch;

namespace LowRank.Training.Evaluation;

/// <summary>
/// A model, or a module of one, as it computes outside of training: dropout and the like of hand-written modules are off until this is
/// disposed. What is generated is the same in both modes.
/// </summary>
internal sealed class EvaluationMode : IDisposable
{
    private readonly List<(nn.Module Module, bool IsTraining)> modes;

    /// <summary>Turns it on.</summary>
    public EvaluationMode(nn.Module module)
    {
        modes = [.. module.modules().Prepend(module).Select(part => (part, part.training))];
        module.eval();
    }

    /// <summary>That of a whole model.</summary>
    public static EvaluationMode Of(LanguageModel model) => new(Root(model));

    /// <summary>Leaves a model in it.</summary>
    public static void Enter(LanguageModel model) => Root(model).eval();

    // Parts come behind what they are a part of, which sets theirs too.
    public void Dispose() => modes.ForEach(mode => mode.Module.train(mode.IsTraining));

    // The parts of a module are registered with the model that it is wrapped in; itself it is not.
    private static nn.Module Root(LanguageModel model) => model is ModuleLanguageModel { Module: var module } ? module : model;
}
