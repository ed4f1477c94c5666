using System.Text;
using LowRank.Training.Documents;

namespace LowRank.Training.Pipelines;

/// <summary>Counts what one step does while a unit goes through it.</summary>
/// <param name="step">The step's name.</param>
internal sealed class StepTally(string step)
{
    /// <summary>So many for each reason, of each unit: enough to choose from in the report, and few in the markers of thousands.</summary>
    public const int ExamplesOfReason = 3;

    private readonly SortedDictionary<string, long> reasons = new(StringComparer.Ordinal);
    private readonly List<DroppedExample> examples = [];
    private long documents;
    private long dropped;
    private long droppedBytes;

    /// <summary>Notes a document that the step has seen.</summary>
    /// <param name="document">The document.</param>
    /// <param name="reason">Why it was dropped; null if it wasn't.</param>
    public void Note(Document document, string? reason)
    {
        documents++;
        if (reason is null)
            return;

        dropped++;
        droppedBytes += Encoding.UTF8.GetByteCount(document.Text);
        var count = reasons.GetValueOrDefault(reason);
        reasons[reason] = count + 1;
        if (count < ExamplesOfReason)
            examples.Add(DroppedExample.Of(document, reason));
    }

    /// <summary>What was counted.</summary>
    /// <param name="removals">What the step has taken out of documents.</param>
    public StepRecord Record(IReadOnlyDictionary<string, long> removals) =>
        new()
        {
            Step = step,
            Documents = documents,
            Dropped = dropped,
            DroppedBytes = droppedBytes,
            Reasons = reasons,
            Removals = removals,
            Examples = examples,
        };
}
