using LowRank.Layers;
using LowRank.Reparameterization;
using static TorchSharp.torch;

namespace LowRank.Models;

/// <summary>
/// One optimizer step of a training loop: begun by <see cref="IGuidedModule.BeginStep"/>, ended by the <c>using</c> that it stands in.
/// <code>
/// for (long step = 0; step &lt; steps; step++)
/// {
///     using var scope = model.BeginStep(step, steps);   // blends the guides in, or releases those whose time is over
///     // forward and backward, over any number of micro-batches
///     scope.Update(optimizer);                          // projects the gradients, then optimizer.step()
/// }                                                     // rebalances factors with RebalanceEvery
/// </code>
/// The place of <see cref="Update(optim.Optimizer)"/> is that of <c>scaler.step(optimizer)</c> in PyTorch. Evaluate within the scope,
/// before the first backward pass: after the update the effective weights are those of the weights before it. With the last step of a run
/// the guides that are left are released.
/// </summary>
public sealed class StepScope : IDisposable
{
    private readonly ITrainedModule module;
    private Tape? tape;
    private State state;

    private StepScope(ITrainedModule module, TrainingStep position)
    {
        (this.module, Position) = (module, position);
        Alpha = module.PrepareStep(position);
    }

    private enum State
    {
        /// <summary>Gradients are gathered.</summary>
        Begun,

        /// <summary>The optimizer is at work, or has failed.</summary>
        Updating,

        /// <summary>The update was made, or there is none to be made.</summary>
        Done,

        /// <summary>Disposed after the update.</summary>
        Ended,

        /// <summary>Disposed without an update.</summary>
        Abandoned,
    }

    /// <summary>Where the run stands.</summary>
    internal TrainingStep Position { get; }

    /// <summary>The largest α of the guides in this step; 0 without a guide.</summary>
    public double Alpha { get; }

    /// <summary>Whether the optimizer may change the weights now.</summary>
    internal bool IsUpdating => state == State.Updating;

    /// <summary>
    /// The tape for passes that are differentiated by hand (<see cref="LanguageModel.Record"/>), one for all micro-batches of the step. It
    /// is freed before the update.
    /// </summary>
    /// <exception cref="InvalidOperationException">The update was made already.</exception>
    public Tape Tape
    {
        get
        {
            Require(State.Begun, "read a tape");
            return tape ??= new Tape(module.Options);
        }
    }

    /// <summary>Begins a step.</summary>
    /// <exception cref="InvalidOperationException">The step before was not ended, or ended without an update.</exception>
    internal static StepScope Begin(ITrainedModule module, long step, long steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(step, steps);
        if (module.CurrentStep is { } former)
            former.RefuseUnfinished();
        var scope = new StepScope(module, new TrainingStep(step, steps, module.Options.Seed));
        // A run that is over has nothing to update.
        scope.state = step == steps ? State.Done : State.Begun;
        module.CurrentStep = scope;
        return scope;
    }

    /// <summary>
    /// Makes the step's update, after its last backward pass: turns the gradients of the effective weights into those of guides and
    /// factors, adds those of product decay, and calls the optimizer.
    /// </summary>
    /// <typeparam name="T">What the optimizer returns, a norm for example.</typeparam>
    /// <param name="optimize">Clips the gradients, if they are to be clipped, and lets the optimizer step.</param>
    /// <returns>What <paramref name="optimize"/> returned.</returns>
    /// <exception cref="InvalidOperationException">The update was made already, or the run is over.</exception>
    public T Update<T>(Func<T> optimize)
    {
        ArgumentNullException.ThrowIfNull(optimize);
        Require(State.Begun, "be updated");
        FreeTape();
        module.ProjectGradients();
        state = State.Updating;
        var result = optimize();
        module.CompleteLoads(isUpdated: true);
        state = State.Done;
        return result;
    }

    /// <inheritdoc cref="Update{T}(Func{T})"/>
    public void Update(Action optimize)
    {
        ArgumentNullException.ThrowIfNull(optimize);
        Update(() =>
        {
            optimize();
            return true;
        });
    }

    /// <summary>
    /// As <see cref="Update{T}(Func{T})"/>, with one of TorchSharp's optimizers. Its gradients stay: <c>zero_grad</c> is the caller's.
    /// </summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <exception cref="InvalidOperationException">The update was made already, or the run is over.</exception>
    public void Update(optim.Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        Update(() =>
        {
            optimizer.step();
        });
    }

    /// <summary>
    /// Leaves the step without an update, for one whose gradients are not finite, or that only evaluates. The gradients of the effective
    /// weights are dropped; those of the parameters stay the caller's, as before.
    /// </summary>
    /// <exception cref="InvalidOperationException">The update was made already.</exception>
    public void Skip()
    {
        if (Position.Index == Position.Total)
            return;
        Require(State.Begun, "be skipped");
        foreach (var linear in module.FactoredLinears)
            linear.DropEffectiveGradient();
        module.CompleteLoads(isUpdated: false);
        state = State.Ended;
    }

    /// <summary>
    /// Ends the step: rebalances factors whose turn it is, and releases the guides with the last step. Without an update the next
    /// <see cref="IGuidedModule.BeginStep"/> is refused.
    /// </summary>
    public void Dispose()
    {
        FreeTape();
        if (state != State.Done)
        {
            // Not an exception: one that is on its way out of the step would be lost.
            if (state is State.Begun or State.Updating)
                state = State.Abandoned;
            return;
        }

        state = State.Ended;
        if (Position.Index == Position.Total)
            return;
        foreach (var linear in module.FactoredLinears)
            linear.CompleteStep(Position);
        if (Position.Index + 1 == Position.Total)
            module.PrepareStep(Position with { Index = Position.Total });
    }

    private void FreeTape()
    {
        tape?.Dispose();
        tape = null;
    }

    private void RefuseUnfinished()
    {
        if (state == State.Ended)
            return;
        throw new InvalidOperationException(
            state == State.Abandoned
                ? $"Step {Position.Index} was disposed before its optimizer's step, and its gradients are lost: call Update after the last backward pass, or Skip."
                : $"Step {Position.Index} is still open: hold what BeginStep returns in a 'using', so that it ends before the next step begins."
        );
    }

    private void Require(State needed, string what)
    {
        if (state == needed)
            return;
        throw new InvalidOperationException(
            $"Step {Position.Index} can't {what} any more: "
                + (
                    state switch
                    {
                        State.Updating => "its update was begun.",
                        State.Done when Position.Index == Position.Total => "the run is over.",
                        State.Done => "its update was made.",
                        _ => "it has ended.",
                    }
                )
        );
    }
}
