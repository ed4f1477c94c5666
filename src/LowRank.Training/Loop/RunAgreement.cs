using System.Text;
using System.Text.Json;
using LowRank.Training.Checkpoints;
using LowRank.Training.Distributed;
using LowRank.Training.Runs;

namespace LowRank.Training.Loop;

/// <summary>Whether all ranks were started for the same run: others' gradients would mean nothing to it.</summary>
internal static class RunAgreement
{
    private const char Separator = '\u001f';

    /// <summary>Compares what each rank is about to train with what the first one is.</summary>
    /// <param name="job">The run, as this rank knows it.</param>
    /// <param name="step">Where it begins.</param>
    /// <exception cref="InputException">A rank trains something else, said alike on all of them.</exception>
    public static void Check(TrainingJob job, long step)
    {
        if (job.Group is not { } group)
            return;
        // Each rank may have its own device, and the folder another name there.
        var options = job.Options with
        {
            Device = "",
            Output = null,
            From = null,
        };
        (string What, string Value)[] parts =
        [
            ("another model", job.Entry.FullName),
            ("another variant", job.Variant.Key()),
            ("other options", JsonSerializer.Serialize(options, CheckpointJson.Default.TrainingOptions)),
            ("another text or tokenizer", job.Data.Fingerprint),
            ("another checkpoint to go on from", FormattableString.Invariant($"step {step}")),
        ];
        var all = group
            .Collectives.GatherBytes(Encoding.UTF8.GetBytes(string.Join(Separator, parts.Select(part => part.Value))))
            .Select(bytes => Encoding.UTF8.GetString(bytes).Split(Separator))
            .ToList();
        for (var rank = 1; rank < all.Count; rank++)
        {
            for (var part = 0; part < parts.Length; part++)
            {
                if (all[rank][part] == all[0][part])
                    continue;
                var (what, was, found) = (parts[part].What, all[0][part], all[rank][part]);
                throw new InputException(
                    $"Rank {rank} has {what} than rank 0{Shown(was, found)}; start all ranks with the same command line, text and folder."
                );
            }
        }
    }

    // A name, not a page of options.
    private static string Shown(string was, string found) => was.Length + found.Length <= 80 ? $": {found} instead of {was}" : "";
}
