using LowRank.Training.Json;

namespace LowRank.Training.Evaluation.Tasks;

/// <summary>What the forms are called, and which one a record has.</summary>
internal static class TaskFormNames
{
    // Keys that no other form has, most telling first.
    private static readonly (TaskForm Form, string[] Keys)[] Signs =
    [
        (TaskForm.HellaSwag, ["endings"]),
        (TaskForm.Piqa, ["sol1"]),
        (TaskForm.WinoGrande, ["option1"]),
        (TaskForm.BoolQ, ["passage", "question"]),
        (TaskForm.Arc, ["answerKey"]),
        (TaskForm.MultipleChoice, ["context", "choices"]),
        (TaskForm.Cloze, ["context", "target"]),
        (TaskForm.Lambada, ["text"]),
    ];

    /// <summary>The name on the command line.</summary>
    public static string Key(this TaskForm form) =>
        form switch
        {
            TaskForm.HellaSwag => "hellaswag",
            TaskForm.Arc => "arc",
            TaskForm.Piqa => "piqa",
            TaskForm.WinoGrande => "winogrande",
            TaskForm.BoolQ => "boolq",
            TaskForm.Lambada => "lambada",
            TaskForm.MultipleChoice => "choices",
            _ => "cloze",
        };

    /// <summary>All names, for messages.</summary>
    public static string All { get; } = string.Join(", ", Enum.GetValues<TaskForm>().Select(Key));

    /// <summary>The form of a name.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public static TaskForm Parse(string name)
    {
        foreach (var form in Enum.GetValues<TaskForm>())
        {
            if (string.Equals(form.Key(), name, StringComparison.OrdinalIgnoreCase))
                return form;
        }

        throw new InputException($"There is no form of tasks '{name}'; use one of {All}.");
    }

    /// <summary>Whether answers of a form are chosen among several.</summary>
    public static bool IsChoice(this TaskForm form) => form is not (TaskForm.Lambada or TaskForm.Cloze);

    /// <summary>The form of a record, by its keys; null for none that is known.</summary>
    public static TaskForm? Of(JsonPlace record)
    {
        foreach (var (form, keys) in Signs)
        {
            if (keys.All(key => !record.At(key).IsEmpty))
                return form;
        }

        return null;
    }
}
