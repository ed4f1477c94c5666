namespace LowRank.Data.Benchmarks;

/// <summary>Something that is done to every document of the sample.</summary>
/// <param name="Name">What it is called in the table.</param>
/// <param name="Prepare">Makes it once, over the sample, and returns what is timed: one pass over all of it.</param>
internal sealed record Measurement(string Name, Func<SampleText, Action> Prepare)
{
    /// <summary>One that takes one text after the other.</summary>
    /// <param name="name">What it is called in the table.</param>
    /// <param name="prepare">Makes it once and returns what is done to a text.</param>
    public static Measurement OfTexts(string name, Func<Action<string>> prepare) =>
        new(
            name,
            sample =>
            {
                var each = prepare();
                return () =>
                {
                    foreach (var text in sample.Documents)
                        each(text);
                };
            }
        );
}
