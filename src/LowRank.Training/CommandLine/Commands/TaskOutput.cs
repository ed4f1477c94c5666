using LowRank.Training.Evaluation.Tasks;
using LowRank.Training.Runs;
using LowRank.Training.Wording;

namespace LowRank.Training.CommandLine.Commands;

/// <summary>How a model did in tasks, for people or for tools.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Variant">Which variant of it was trained.</param>
/// <param name="Step">After which step.</param>
/// <param name="Context">Most tokens that were read at once.</param>
/// <param name="Place">Where and how it was computed.</param>
internal sealed record TaskOutput(string Model, Variant Variant, long Step, int Context, (string Device, string Precision, bool Tf32) Place)
{
    /// <summary>Prints it, and says what was cut.</summary>
    public void Print(AppSession app, IReadOnlyList<TaskResult> results, bool isJson)
    {
        if (isJson)
        {
            JsonOutput.Print(
                app.Console.Output,
                document =>
                {
                    document.WriteString("model", Model);
                    document.WriteString("variant", Variant.Key());
                    document.WriteNumber("step", Step);
                    document.WriteNumber("context", Context);
                    TaskResultTable.WriteJson(document, results);
                    document.WriteString("device", Place.Device);
                    document.WriteString("precision", Place.Precision);
                    document.WriteBoolean("tf32", Place.Tf32);
                }
            );
        }
        else
        {
            app.Console.Output.WriteLine($"{Model}, {Variant.Title()}, after step {Step}:");
            app.Console.Results.Write(TaskResultTable.Of(results));
        }

        foreach (var result in results.Where(result => result.Cut > 0))
            app.Say(
                $"Note: {Quantity.Count(result.Cut)} contexts of {result.Path} are longer than {Quantity.Count(Context)} tokens with what follows them, and lost their beginning."
            );
    }
}
