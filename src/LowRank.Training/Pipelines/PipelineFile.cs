using System.Text;
using System.Text.Json;
using LowRank.Training.Filtering;
using LowRank.Training.Json;

namespace LowRank.Training.Pipelines;

/// <summary>Reads a declared pipeline from its file.</summary>
internal static class PipelineFile
{
    private static readonly string[] Keys =
    [
        "input",
        "textColumn",
        "output",
        "preset",
        "set",
        "steps",
        "words",
        "largestDocument",
        "largestFile",
    ];

    /// <exception cref="InputException">It is missing or wrong; file, place and what is allowed are named.</exception>
    public static Pipeline Read(string path)
    {
        if (!File.Exists(path))
            throw new InputException($"There is no pipeline '{path}'.");
        return Read(JsonFile.Read(path, JsonForm.WithComments));
    }

    /// <summary>Reads a file's text.</summary>
    public static Pipeline Parse(string path, string text) =>
        Read(JsonFile.Parse(Encoding.UTF8.GetBytes(text), path, JsonForm.WithComments));

    private static Pipeline Read(JsonPlace root)
    {
        root.Members(Keys);
        var steps = root.Optional("steps") is { } declared ? ReadSteps(root, declared) : ReadPreset(root);
        var pipeline = new Pipeline
        {
            Input = [.. Texts(root.At("input"))],
            TextColumn = root.Optional("textColumn")?.Text("the name of a column"),
            Output = root.At("output").Text("a folder"),
            Steps = steps,
        };
        if (root.Optional("words") is { } words)
        {
            var kind = $"one of {WordSplitters.All}";
            pipeline = WordSplitters.Find(words.Text(kind)) is null ? throw words.MustBe(kind) : pipeline with { Words = words.Text() };
        }

        if (root.Optional("largestDocument") is { } document)
            pipeline = pipeline with { LargestDocument = document.Whole(1, int.MaxValue) };
        return root.Optional("largestFile") is { } file ? pipeline with { LargestFile = file.Whole(1, long.MaxValue) } : pipeline;
    }

    private static IEnumerable<string> Texts(JsonPlace place)
    {
        var elements = place.IsText ? [place] : place.Elements();
        return elements.Count > 0
            ? elements.Select(element => element.Text("a file or folder"))
            : throw place.Wrong("must name at least one file or folder");
    }

    private static List<PipelineStep> ReadSteps(JsonPlace root, JsonPlace steps)
    {
        if (root.Optional("preset") is not null || root.Optional("set") is not null)
            throw root.At("steps").Wrong("stands beside \"preset\" or \"set\"; give the steps, or a preset and what is set in it");
        return Ordered([.. steps.Elements().Select(step => StepKinds.Read(step.At("step"), step))], steps);
    }

    private static List<PipelineStep> ReadPreset(JsonPlace root)
    {
        if (root.At("preset").IsEmpty)
            throw root.Wrong($"has neither \"preset\" ({Presets.All}) nor \"steps\"; give one");
        var kind = $"one of {Presets.All}";
        var preset = Presets.Steps(root.At("preset").Text(kind)) ?? throw root.At("preset").MustBe(kind);
        var set = root.At("set");
        var given = set.IsEmpty ? [] : set.Members().ToDictionary(member => member.Key, member => member.Place, StringComparer.Ordinal);
        if (given.Keys.Except(StepNames.All).FirstOrDefault() is { } unknown)
            throw set.Wrong($"has no step '{ShownText.Of(unknown)}'; there are {string.Join(", ", StepNames.All)}");
        var steps = new List<PipelineStep>();
        foreach (var name in StepNames.All)
        {
            JsonPlace?[] places =
            [
                .. preset.Where(step => step.Step == name).Select(step => new JsonPlace(root.File, $"set.{name}", step.Options)),
                given.GetValueOrDefault(name),
            ];
            // The last word is the user's.
            if (places[^1]?.Element is not { ValueKind: JsonValueKind.False } && places.Any(place => place is not null))
                steps.Add(StepKinds.Read(name, [.. places.OfType<JsonPlace>()]));
        }

        return Ordered(steps, set);
    }

    private static List<PipelineStep> Ordered(List<PipelineStep> steps, JsonPlace place)
    {
        if (steps.Count == 0)
            throw place.Wrong("has no step");
        if (steps.GroupBy(step => step.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw place.Wrong($"has the step '{twice.Key}' twice");
        return steps.FindIndex(step => step is TokensStep) is >= 0 and var at && at < steps.Count - 1
            ? throw place.Wrong($"has steps behind '{StepNames.Tokens}', which must be the last")
            : steps;
    }
}
