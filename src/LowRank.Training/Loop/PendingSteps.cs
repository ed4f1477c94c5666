using static TorchSharp.torch;

namespace LowRank.Training.Loop;

/// <summary>
/// Steps whose loss and gradient norm are still on the device. Reading them one by one would make the device wait for the host in every
/// step; they are fetched together.
/// </summary>
internal sealed class PendingSteps : IDisposable
{
    private readonly List<PendingStep> steps = [];

    /// <summary>Number of steps not yet read.</summary>
    public int Count => steps.Count;

    /// <summary>Takes a step in, with its tensors.</summary>
    public void Add(PendingStep step) => steps.Add(step);

    /// <summary>Fetches and forgets the steps, in their order: waits for the device.</summary>
    /// <returns>Each with its summed loss, its gradient norm, and whether a rank was asked to stop.</returns>
    public IReadOnlyList<(PendingStep Step, double Loss, double Norm, bool Stop)> Read()
    {
        if (steps.Count == 0)
            return [];
        using (NewDisposeScope())
        {
            var all = cat([.. steps.Select(step => step.Loss), .. steps.Select(step => step.Norm.view(1))]).cpu().data<double>();
            var read = steps
                .Select((step, index) => (step, all[2 * index], all[(2 * steps.Count) + index], all[(2 * index) + 1] > 0))
                .ToList();
            Dispose();
            return read;
        }
    }

    /// <summary>Forgets the steps.</summary>
    public void Dispose()
    {
        foreach (var step in steps)
        {
            step.Loss.Dispose();
            step.Norm.Dispose();
        }

        steps.Clear();
    }
}
