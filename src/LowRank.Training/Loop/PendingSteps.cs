using static TorchSharp.torch;

namespace LowRank.Training.Loop;

/// <summary>A step whose numbers were fetched.</summary>
/// <param name="Step">The step.</param>
/// <param name="Loss">Summed cross-entropy.</param>
/// <param name="Norm">Norm of the whole gradient before clipping.</param>
/// <param name="Stop">Whether a rank was asked to stop.</param>
internal sealed record ReadStep(PendingStep Step, double Loss, double Norm, bool Stop)
{
    /// <summary>What the mixtures of experts have counted, one behind the other.</summary>
    public double[] Loads { get; init; } = [];
}

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
    /// <returns>Each with its numbers.</returns>
    public IReadOnlyList<ReadStep> Read()
    {
        if (steps.Count == 0)
            return [];
        using (NewDisposeScope())
        {
            var all = cat([.. steps.Select(step => step.Loss), .. steps.Select(step => step.Norm.view(1))]).cpu().data<double>().ToArray();
            var read = new List<ReadStep>();
            var place = 0;
            foreach (var (step, norm) in steps.Zip(all[^steps.Count..]))
            {
                var end = place + (int)step.Loss.shape[0];
                read.Add(new(step, all[place], norm, all[place + 1] > 0) { Loads = all[(place + 2)..end] });
                place = end;
            }

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
