namespace LowRank.Training.Experiments;

/// <summary>Losses of different texts or tokenizers say nothing about each other.</summary>
internal static class SameText
{
    /// <summary>Refuses runs that read different texts.</summary>
    /// <param name="runs">The runs; failed ones count for nothing.</param>
    /// <exception cref="InputException">They did; each text's runs are named.</exception>
    public static void Check(IEnumerable<StoredRun> runs)
    {
        var texts = runs.Where(run => run.Result is not null)
            .GroupBy(run => run.DataFingerprint ?? "unknown", run => run.Plan.Id)
            .Select(text => (Fingerprint: text.Key, Ids: text.Distinct().ToArray()))
            .ToArray();
        if (texts.Length > 1)
        {
            throw new InputException(
                "The runs read different texts or tokenizers, so their losses don't compare: "
                    + string.Join("; ", texts.Select(text => $"{text.Fingerprint}: {string.Join(", ", text.Ids)}"))
                    + ". Run them on one text: give it with text or tokenizer, delete the results of the others, or keep them in another output."
            );
        }
    }
}
