namespace LowRank.Training.Optimization;

/// <summary>How some of a model's parameters are updated. It allocates what it keeps from step to step in their buffers.</summary>
public interface IUpdateRule
{
    /// <summary>
    /// Updates the rule's buffers that exist and are active, whose <see cref="FlatBuffer.Updates"/> already count this update, and
    /// clears their gradients. Called without autograd.
    /// </summary>
    /// <param name="learningRate">The step's learning rate.</param>
    /// <param name="clip">What every gradient has to be multiplied by.</param>
    void Update(double learningRate, GradientClip clip);
}
