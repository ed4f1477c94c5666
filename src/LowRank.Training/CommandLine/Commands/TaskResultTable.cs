using System.Globalization;
using System.Text.Json;
using LowRank.Training.Evaluation.Tasks;
using LowRank.Training.Json;
using LowRank.Training.Wording;
using Spectre.Console;

namespace LowRank.Training.CommandLine.Commands;

/// <summary>What a model reaches in tasks, as a table and as JSON.</summary>
internal static class TaskResultTable
{
    /// <summary>A row for each measure of each task.</summary>
    public static Table Of(IReadOnlyList<TaskResult> results)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn("task");
        table.AddColumn(new TableColumn("questions").RightAligned());
        table.AddColumn("measure");
        table.AddColumn(new TableColumn("value").RightAligned());
        table.AddColumn(new TableColumn("standard error").RightAligned());
        foreach (var result in results)
        {
            var isFirst = true;
            foreach (var (measure, value, error) in Measures(result))
            {
                table.AddRow(
                    new Text(isFirst ? Path.GetFileName(result.Path) : ""),
                    new Text(isFirst ? Quantity.Count(result.Questions) : ""),
                    new Text(measure),
                    new Text(value),
                    new Text(error)
                );
                isFirst = false;
            }
        }

        return table;
    }

    /// <summary>Writes the results as a member of an object.</summary>
    public static void WriteJson(Utf8JsonWriter json, IReadOnlyList<TaskResult> results)
    {
        json.WriteStartArray("tasks");
        foreach (var result in results)
        {
            json.WriteStartObject();
            json.WriteString("path", result.Path);
            json.WriteString("form", result.Form.Key());
            json.WriteNumber("questions", result.Questions);
            Write("accuracy", result.Accuracy);
            Write("normalizedAccuracy", result.NormalizedAccuracy);
            Write("byteNormalizedAccuracy", result.ByteNormalizedAccuracy);
            if (result.Perplexity is { } perplexity)
                json.WriteReal("perplexity", perplexity);
            json.WriteNumber("cutContexts", result.Cut);
            json.WriteEndObject();
        }

        json.WriteEndArray();

        void Write(string name, TaskMetric? metric)
        {
            if (metric is null)
                return;
            json.WriteReal(name, metric.Value);
            json.WriteRealOrNull(name + "StandardError", metric.StandardError);
        }
    }

    private static IEnumerable<(string Measure, string Value, string Error)> Measures(TaskResult result)
    {
        yield return Of("acc", result.Accuracy);
        if (result.NormalizedAccuracy is { } normalized)
            yield return Of("acc_norm", normalized);
        if (result.ByteNormalizedAccuracy is { } bytes)
            yield return Of("acc_bytes", bytes);
        if (result.Perplexity is { } perplexity)
            yield return ("perplexity", Quantity.Perplexity(perplexity), "");
    }

    private static (string Measure, string Value, string Error) Of(string measure, TaskMetric metric) =>
        (measure, Four(metric.Value), metric.StandardError is { } error ? Four(error) : "–");

    private static string Four(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
