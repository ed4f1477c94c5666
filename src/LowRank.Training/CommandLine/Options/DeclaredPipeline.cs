using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using LowRank.Training.Pipelines;

namespace LowRank.Training.CommandLine.Options;

/// <summary>A pipeline from its file, or from options that say the same.</summary>
internal sealed class DeclaredPipeline
{
    private readonly Argument<string?> file = new("FILE")
    {
        Description = "The pipeline, a JSON file; without it the options below declare one.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string[]> text = new("--text")
    {
        Description = "Files and folders of documents.",
        HelpName = "PATH",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> textColumn = new("--text-column")
    {
        Description = "What the text is called in JSON objects and in tables. Without it: text, or content where there is none.",
        HelpName = "NAME",
    };

    private readonly Option<string?> output = new("--output")
    {
        Description = "The folder of everything that is written.",
        HelpName = "DIR",
    };

    private readonly Option<string?> preset = new("--preset")
    {
        Description = $"The steps of a published data set: {Presets.All}.",
        HelpName = "NAME",
    };

    private readonly Option<string[]> steps = new("--steps")
    {
        Description = $"Steps in their order, instead of a preset: {string.Join(", ", StepNames.All)}.",
        HelpName = "STEP",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string[]> set = new("--set")
    {
        Description =
            "An option of a step, such as gopher-quality.minWords=20, or a whole step of a preset, such as url=false or tokens=true.",
        HelpName = "STEP.OPTION=VALUE",
        AllowMultipleArgumentsPerToken = true,
    };

    private IReadOnlyList<Option> Options => [text, textColumn, output, preset, steps, set];

    /// <summary>Adds the argument and the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Arguments.Add(file);
        foreach (var option in Options)
            command.Options.Add(option);
    }

    /// <summary>The pipeline.</summary>
    /// <exception cref="InputException">It is wrong, or said in both ways.</exception>
    public Pipeline Read(ParseResult arguments)
    {
        if (arguments.GetValue(file) is { } path)
        {
            return Options.FirstOrDefault(arguments.Has) is { } both
                ? throw new InputException($"{both.Name} stands beside the pipeline '{path}', which says it itself; leave one of them out.")
                : PipelineFile.Read(path);
        }

        if (arguments.GetValue(text) is not { Length: > 0 } paths)
            throw new InputException(
                "Nothing says what to read: name a pipeline's file, or give --text, --output and --preset or --steps."
            );
        if (arguments.GetValue(output) is not { } folder)
            throw new InputException("Nothing says where to write; give --output.");
        var root = new JsonObject { ["input"] = new JsonArray([.. paths.Select(path => (JsonNode)path)]), ["output"] = folder };
        if (arguments.GetValue(textColumn) is { } column)
            root["textColumn"] = column;
        var given = Settings(arguments.GetValue(set) ?? []);
        if (arguments.GetValue(steps) is { Length: > 0 } names)
        {
            if (arguments.Has(preset))
                throw new InputException("--steps and --preset both say which steps there are; give one.");
            root["steps"] = new JsonArray([.. names.Select(name => Step(name, given))]);
            if (given.Keys.FirstOrDefault() is { } unknown)
                throw new InputException($"--set {unknown} is of no step in --steps; add it there.");
        }
        else
        {
            if (arguments.GetValue(preset) is not { } name)
                throw new InputException($"Nothing says which steps to take; give --preset ({Presets.All}) or --steps.");
            root["preset"] = name;
            root["set"] = new JsonObject(given.Select(step => new KeyValuePair<string, JsonNode?>(step.Key, step.Value)));
        }

        return PipelineFile.Parse("The command line", root.ToJsonString());
    }

    private static JsonObject Step(string name, Dictionary<string, JsonNode> given)
    {
        var step = new JsonObject { ["step"] = name };
        if (!given.Remove(name, out var options))
            return step;
        if (options is not JsonObject members)
            throw new InputException(
                $"--set {name}={options.ToJsonString()} switches a preset's step; with --steps, leave the step out there."
            );
        foreach (var (key, value) in members)
            step[key] = value?.DeepClone();
        return step;
    }

    private static Dictionary<string, JsonNode> Settings(IEnumerable<string> all)
    {
        var settings = new Dictionary<string, JsonNode>(StringComparer.Ordinal);
        foreach (var one in all)
        {
            var equals = one.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
                throw new InputException($"--set takes STEP.OPTION=VALUE, such as gopher-quality.minWords=20, not '{one}'.");
            var (place, value) = (one[..equals], Value(one[(equals + 1)..]));
            var dot = place.IndexOf('.', StringComparison.Ordinal);
            if (dot < 0)
            {
                // A step that is switched on has its defaults.
                settings[place] = value?.GetValueKind() == JsonValueKind.True ? new JsonObject() : value ?? new JsonObject();
                continue;
            }

            if (!settings.TryGetValue(place[..dot], out var step) || step is not JsonObject members)
                settings[place[..dot]] = members = [];
            members[place[(dot + 1)..]] = value;
        }

        return settings;
    }

    // Numbers, true, false, null and lists as in JSON; anything else is a text.
    private static JsonNode? Value(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }
}
