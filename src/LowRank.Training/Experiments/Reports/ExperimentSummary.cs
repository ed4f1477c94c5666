using System.Text.Json;
using LowRank.Training.Json;

namespace LowRank.Training.Experiments.Reports;

/// <summary>The ratios to the baseline for programs.</summary>
internal static class ExperimentSummary
{
    /// <summary>The JSON text: an array with one object per contender, the file's default first.</summary>
    /// <param name="file">The experiment.</param>
    /// <param name="results">What the store holds, in the order of the file.</param>
    public static byte[] Write(ExperimentFile file, IReadOnlyList<ContenderResult> results)
    {
        var ratios = new ExperimentRatios(file, results);
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartArray();
            foreach (var result in results.OrderBy(result => result.Contender.Name != file.Default))
            {
                var perplexity = ratios.Ratio(result, ExperimentRatios.Perplexity);
                json.WriteStartObject();
                json.WriteString("recipe", result.Contender.Name);
                json.WriteNumber("seeds", perplexity?.Count ?? 0);
                json.WriteReal("perplexityRatio", perplexity?.Mean ?? double.NaN);
                json.WriteReal("perplexityRatioSpread", perplexity is null ? double.NaN : perplexity.Most - perplexity.Least);
                json.WriteReal("flopsRatio", ratios.Ratio(result, ExperimentRatios.Flops)?.Mean ?? double.NaN);
                json.WriteReal("timeRatio", ratios.Ratio(result, ExperimentRatios.Seconds)?.Mean ?? double.NaN);
                json.WriteReal(
                    "equalFlopsPerplexityRatio",
                    ratios.Twin(result) is { } twin ? ratios.Ratio(twin, ExperimentRatios.Perplexity)?.Mean ?? double.NaN : double.NaN
                );
                json.WriteReal(
                    "flopMatchedPerplexityRatio",
                    ratios.FlopMatched(result) is { } matched
                        ? ExperimentRatios.Ratio(result, matched, ExperimentRatios.Perplexity)?.Mean ?? double.NaN
                        : double.NaN
                );
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return stream.ToArray();
    }
}
