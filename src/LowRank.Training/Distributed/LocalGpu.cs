using System.Globalization;
using LowRank.Cuda;
using LowRank.Native;

namespace LowRank.Training.Distributed;

/// <summary>
/// Which GPU of its machine a rank computes on. libtorch has no function here that sets the device of a process, so the rank's GPU becomes
/// the only one that CUDA shows it: entry number <c>LOCAL_RANK</c> of <see cref="Variable"/>.
/// </summary>
internal static class LocalGpu
{
    /// <summary>The environment variable in which CUDA reads which GPUs it shows: numbers, or ids of GPUs and MIG instances.</summary>
    public const string Variable = "CUDA_VISIBLE_DEVICES";

    /// <summary>Chooses this rank's GPU. Has to come before the first call into libtorch's CUDA, which reads the variable once.</summary>
    /// <param name="localRank">The number of this rank on its machine, from 0.</param>
    /// <param name="localWorld">Number of ranks on this machine.</param>
    /// <exception cref="InputException">There are fewer GPUs than ranks here.</exception>
    public static void Apply(int localRank, int localWorld)
    {
        if (Choose(localRank, localWorld, Environment.GetEnvironmentVariable(Variable), GpuCount.Read) is { } chosen)
            NativeEnvironment.Set(Variable, chosen);
    }

    /// <summary>What the variable has to be for a rank; null where it stays as it is.</summary>
    /// <param name="localRank">The number of this rank on its machine, from 0.</param>
    /// <param name="localWorld">Number of ranks on this machine.</param>
    /// <param name="visible">What the variable is; null where it isn't set.</param>
    /// <param name="count">How many GPUs the machine has; null where that isn't known. Asked where the variable isn't set.</param>
    /// <exception cref="InputException">There are fewer GPUs than ranks here.</exception>
    public static string? Choose(int localRank, int localWorld, string? visible, Func<int?> count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(localRank);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(localRank, localWorld);
        if (visible is null)
        {
            if (count() is { } gpus && gpus < localWorld)
                throw TooFew(localRank, localWorld, gpus, "and this machine has", "");
            return localRank.ToString(CultureInfo.InvariantCulture);
        }

        var entries = Entries(visible);
        // Slurm's binding by task, or a script around each rank: the choice has been made.
        if (entries.Count == 1)
            return null;
        if (entries.Distinct(StringComparer.OrdinalIgnoreCase).Count() is var different && different < localWorld)
        {
            throw TooFew(localRank, localWorld, different, $"and {Variable}={visible} names", $", or name {localWorld} different GPUs");
        }

        return entries[localRank];
    }

    // As CUDA reads them: what comes after one that is none isn't shown.
    private static List<string> Entries(string visible) =>
        [.. visible.Split(',', StringSplitOptions.TrimEntries).TakeWhile(entry => entry.Length > 0 && entry[0] != '-')];

    private static InputException TooFew(int localRank, int localWorld, int gpus, string where, string more) =>
        new(
            $"Rank {localRank} of {localWorld} on this machine finds no GPU of its own: there are {localWorld} ranks here, {where} {gpus}. "
                + $"NCCL takes no two ranks on one GPU; start {(gpus == 0 ? "none here" : $"at most {gpus} per machine")}{more}, or train on "
                + "CPUs."
        );
}
