using System.CommandLine;
using LowRank.Training.Evaluation.Tasks;

namespace LowRank.Training.CommandLine.Options;

/// <summary>The options of tasks: which, of what form, and how much of them.</summary>
internal sealed class TaskOptionSet
{
    private readonly Option<string[]> tasks = new("--task")
    {
        Description = "Files of multiple-choice or cloze tasks, one JSON object a line, to be evaluated instead of a text.",
        HelpName = "FILE",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> form = new("--task-form")
    {
        Description = $"The form of the tasks' records: {TaskFormNames.All}. Without it: told by the keys of the first.",
        HelpName = "NAME",
    };

    private readonly Option<long?> limit = NumberOption.Whole(
        "--limit",
        "Only so many questions of each task, from its beginning.",
        1,
        int.MaxValue
    );

    private readonly Option<long?> shots = NumberOption.Whole(
        "--shots",
        "So many answered questions before each one (0); --shots-from says where they come from.",
        0,
        1_000
    );

    private readonly Option<string?> shotsFrom = new("--shots-from")
    {
        Description = "The file whose first questions stand, answered, before those of the task.",
        HelpName = "FILE",
    };

    private IReadOnlyList<Option> Others => [form, limit, shots, shotsFrom];

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(tasks);
        foreach (var option in Others)
            command.Options.Add(option);
    }

    /// <summary>The tasks' files; none where a text is evaluated.</summary>
    /// <param name="arguments">What was given.</param>
    /// <param name="ofText">The options that say which text is evaluated, and how much of it.</param>
    /// <exception cref="InputException">An option of the other kind was given.</exception>
    public IReadOnlyList<string> Paths(ParseResult arguments, IEnumerable<Option> ofText)
    {
        var paths = arguments.GetValue(tasks) ?? [];
        if (paths.Length > 0 && ofText.FirstOrDefault(arguments.Has) is { } text)
            throw new InputException($"{text.Name} says what text is evaluated, and --task evaluates tasks; leave one of them out.");
        if (paths.Length == 0 && Others.FirstOrDefault(arguments.Has) is { } needless)
            throw new InputException($"{needless.Name} is about tasks, and none is named; name one with --task.");
        if (Array.Find(paths, path => !File.Exists(path)) is { } missing)
            throw new InputException($"There is no file '{missing}'; give --task an existing one.");
        return paths;
    }

    /// <summary>What they say.</summary>
    /// <param name="arguments">What was given.</param>
    /// <param name="context">Most tokens that are read at once.</param>
    /// <exception cref="InputException">There is no such form.</exception>
    public TaskOptions Read(ParseResult arguments, int context) =>
        new()
        {
            Form = arguments.GetValue(form) is { } name ? TaskFormNames.Parse(name) : null,
            Limit = (int?)arguments.GetValue(limit),
            Shots = (int?)arguments.GetValue(shots) ?? 0,
            ShotsPath = arguments.GetValue(shotsFrom),
            Context = context,
        };
}
