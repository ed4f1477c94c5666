using System.Globalization;
using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>Micro-batches divide the step, and the run is at least one step long.</summary>
internal sealed class TrainingRunRule : IRule<TransformerDeclaration>
{
    public IEnumerable<Finding> Check(TransformerDeclaration declaration)
    {
        if (declaration.Run is not { SequencesPerStep: > 0 } run)
            yield break;
        var target = new Target(Attribute: "TrainingRun");
        if (run.SequencesPerMicroBatch is { } microBatch and > 0 && run.SequencesPerStep % microBatch != 0)
        {
            yield return Divisors.Suggest(TrainingRules.MicroBatch, target.At("SequencesPerMicroBatch"), run.SequencesPerStep, microBatch);
        }

        var context = declaration.Transformer.Context;
        var tokensPerStep = (long)run.SequencesPerStep * context;
        if (context > 0 && run.Tokens > 0 && run.Tokens < tokensPerStep)
            yield return Finding.Of(
                TrainingRules.RunTooShort,
                target.At("tokens"),
                run.Tokens,
                tokensPerStep,
                run.SequencesPerStep,
                context
            ) with
            {
                Suggestion = tokensPerStep.ToString(CultureInfo.InvariantCulture),
            };
    }
}
