namespace LowRank.Training.Pipelines;

/// <summary>Adds the records of units up, one at a time: there may be thousands.</summary>
/// <param name="plan">The plan.</param>
internal sealed class ReportBuilder(PipelinePlan plan)
{
    private const int MostNamed = 20;

    private readonly List<StepRecord> steps = [];
    private readonly SortedDictionary<string, string> unreadable = new(StringComparer.Ordinal);
    private int unreadableFiles;
    private UnitRecord first = new();
    private UnitRecord last = new();
    private IReadOnlyDictionary<string, long> languages = Counts.None;

    /// <summary>Adds a pass.</summary>
    /// <param name="records">The records of all units, in their order.</param>
    /// <param name="isFirst">Whether it is the pass that reads the input.</param>
    public void Add(IEnumerable<UnitRecord> records, bool isFirst)
    {
        var sum = new UnitRecord();
        var pass = new List<StepRecord>();
        var unit = 0;
        foreach (var record in records)
        {
            sum = Sum(sum, record);
            if (record.Unreadable is { } why)
            {
                unreadableFiles++;
                if (unreadable.Count < MostNamed)
                    unreadable[plan.Units[unit].Path] = why;
            }

            for (var step = 0; step < record.Steps.Count; step++)
            {
                if (step == pass.Count)
                    pass.Add(record.Steps[step]);
                else
                    pass[step] = Sum(pass[step], record.Steps[step]);
            }

            unit++;
        }

        steps.AddRange(pass);
        languages = Counts.Sum([languages, sum.Languages]);
        if (isFirst)
            first = sum;
        last = sum;
    }

    /// <summary>The sums.</summary>
    /// <param name="tokens">Number of tokens; null where none were made.</param>
    public PipelineReport Build(long? tokens) =>
        new()
        {
            Files = plan.Units.Count,
            Unreadable = unreadable,
            UnreadableFiles = unreadableFiles,
            Skipped = plan.Skipped,
            Documents = first.Documents,
            Bytes = first.Bytes,
            WithoutText = first.WithoutText,
            Broken = first.Broken,
            FirstBroken = first.FirstBroken,
            Kept = last.Kept,
            KeptBytes = last.KeptBytes,
            Tokens = tokens,
            Steps = steps,
            Lengths = first.Lengths,
            KeptLengths = last.KeptLengths,
            Languages = languages,
        };

    private static UnitRecord Sum(UnitRecord one, UnitRecord other) =>
        new()
        {
            Documents = one.Documents + other.Documents,
            Bytes = one.Bytes + other.Bytes,
            Kept = one.Kept + other.Kept,
            KeptBytes = one.KeptBytes + other.KeptBytes,
            WithoutText = Counts.Sum([one.WithoutText, other.WithoutText]),
            Broken = one.Broken + other.Broken,
            FirstBroken = one.FirstBroken ?? other.FirstBroken,
            Lengths = Counts.Sum([one.Lengths, other.Lengths]),
            KeptLengths = Counts.Sum([one.KeptLengths, other.KeptLengths]),
            Languages = Counts.Sum([one.Languages, other.Languages]),
        };

    private static StepRecord Sum(StepRecord one, StepRecord other) =>
        new()
        {
            Step = one.Step,
            Documents = one.Documents + other.Documents,
            Dropped = one.Dropped + other.Dropped,
            DroppedBytes = one.DroppedBytes + other.DroppedBytes,
            Reasons = Counts.Sum([one.Reasons, other.Reasons]),
            Removals = Counts.Sum([one.Removals, other.Removals]),
            Examples =
            [
                .. one
                    .Examples.Concat(other.Examples)
                    .GroupBy(example => example.Reason, StringComparer.Ordinal)
                    .SelectMany(examples => examples.Take(StepTally.ExamplesOfReason)),
            ],
        };
}
