using LowRank.Training.Weights;

namespace LowRank.Training.Runs;

/// <summary>Is told how a run goes: the live display, the metrics log. Called on the training thread.</summary>
public interface ITrainingObserver
{
    /// <summary>The run begins, or goes on, at a step.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="variant">How it is trained.</param>
    /// <param name="firstStep">Steps taken before.</param>
    /// <param name="steps">Steps of the whole run.</param>
    void Started(string model, Variant variant, long firstStep, long steps);

    /// <summary>The run begins with the weights of another declaration, or of another variant; follows <see cref="Started"/>.</summary>
    /// <param name="model">The full name of the model that had them.</param>
    /// <param name="variant">How that was trained.</param>
    /// <param name="factored">The dense weights among them that became factors, and what that lost.</param>
    void WeightsTransferred(string model, Variant variant, IReadOnlyList<FactoredWeight> factored) { }

    /// <summary>A step was taken.</summary>
    /// <param name="metrics">What it showed.</param>
    void StepTaken(StepMetrics metrics);

    /// <summary>The model was evaluated: a point of the curve, on the same windows of the text as every other.</summary>
    /// <param name="metrics">What it reached.</param>
    void Evaluated(ValidationMetrics metrics);

    /// <summary>
    /// The run took its last step and was measured over more of the text than a point of the curve; follows <see cref="Evaluated"/>.
    /// </summary>
    /// <param name="metrics">What it reached.</param>
    void EvaluatedAtEnd(FinalMetrics metrics) { }

    /// <summary>The last guide was released.</summary>
    /// <param name="step">Steps taken before.</param>
    /// <param name="freedParameters">Parameters that the guides held.</param>
    void GuideReleased(long step, long freedParameters);

    /// <summary>The factors were merged into dense layers, which the rest of the run trains.</summary>
    /// <param name="step">Steps taken before.</param>
    /// <param name="addedParameters">How many parameters the model has more than before.</param>
    void BecameDense(long step, long addedParameters) { }

    /// <summary>
    /// Something is wrong that doesn't end the run, and that somebody should see to: a full disk, a damaged checkpoint for which an older
    /// one is used. Can come before <see cref="Started"/>.
    /// </summary>
    /// <param name="message">What it is and what to do, in a sentence or two.</param>
    void Warned(string message) { }

    /// <summary>A checkpoint was written.</summary>
    /// <param name="step">Steps taken before.</param>
    /// <param name="path">Its folder.</param>
    void CheckpointSaved(long step, string path);
}
