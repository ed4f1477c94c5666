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
    /// <returns>Each with its summed loss and its gradient norm.</returns>
    public IReadOnlyList<(PendingStep Step, double Loss, double Norm)> Read()
    {
        if (steps.Count == 0)
            return [];
        using (NewDisposeScope())
        {
            var both = cat([.. steps.Select(step => step.Loss.view(1)), .. steps.Select(step => step.Norm.view(1))]).cpu().data<double>();
            var read = steps.Select((step, index) => (step, both[index], both[steps.Count + index])).ToList();
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
