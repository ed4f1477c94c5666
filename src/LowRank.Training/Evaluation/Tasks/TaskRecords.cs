using System.Text;
using LowRank.Training.Json;

namespace LowRank.Training.Evaluation.Tasks;

/// <summary>
/// Makes questions of records. The prompts are those of EleutherAI's lm-evaluation-harness; a record that isn't of its form is refused.
/// </summary>
internal static class TaskRecords
{
    // Far more than any task has.
    private const int MostChoices = 1_000;

    /// <summary>The question of a record.</summary>
    /// <param name="form">The record's form.</param>
    /// <param name="record">The record.</param>
    /// <exception cref="WrongJsonException">A key is missing or says something else; file, line and key are named.</exception>
    public static TaskDocument Read(TaskForm form, JsonPlace record)
    {
        var (requests, answer) = form switch
        {
            TaskForm.HellaSwag => HellaSwag(record),
            TaskForm.Arc => Arc(record),
            TaskForm.Piqa => Piqa(record),
            TaskForm.WinoGrande => WinoGrande(record),
            TaskForm.BoolQ => BoolQ(record),
            TaskForm.Lambada => Lambada(record),
            TaskForm.MultipleChoice => MultipleChoice(record),
            _ => Cloze(record),
        };
        return new TaskDocument(record.File, requests, answer);
    }

    private static (List<TaskRequest> Requests, int Answer) HellaSwag(JsonPlace record)
    {
        var context = record.Optional("ctx_a") is { } first
            ? first.Text() + " " + Capitalized(record.Optional("ctx_b")?.Text() ?? "")
            : Filled(record.At("ctx"));
        var activity = record.Optional("activity_label") is { } label ? label.Text() + ": " : "";
        var endings = Texts(record.At("endings")).Select(ending => (ending.Place, Text: HellaSwagText.Clean(ending.Text))).ToList();
        if (endings.Find(ending => ending.Text.Length == 0) is { Place: { } empty })
            throw empty.Wrong("must be a text, and nothing is left of it without what stands in brackets");
        return (
            Choices(HellaSwagText.Clean(activity + context), [.. endings.Select(ending => ending.Text)]),
            Index(record.At("label"), endings.Count, first: 0)
        );
    }

    private static (List<TaskRequest> Requests, int Answer) Arc(JsonPlace record)
    {
        // As published, the question holds its choices; as data sets have it, they stand beside it.
        var question = record.At("question");
        var (stem, choices) = question.IsObject ? (question.At("stem"), question.At("choices")) : (question, record.At("choices"));
        List<(JsonPlace Place, string Text)> texts;
        List<string> labels;
        if (choices.IsArray)
        {
            var elements = Few(choices);
            texts = [.. elements.Select(choice => (choice.At("text"), Filled(choice.At("text"))))];
            labels = [.. elements.Select(choice => choice.At("label").Text("the label of a choice"))];
        }
        else
        {
            texts = Texts(choices.At("text"));
            labels = [.. Few(choices.At("label")).Select(label => label.Text("the label of a choice"))];
            if (labels.Count != texts.Count)
                throw choices.At("label").Wrong($"has {labels.Count} labels for {texts.Count} choices");
        }

        var key = record.At("answerKey");
        var answer = labels.IndexOf(key.Text("the label of a choice"));
        return answer < 0
            ? throw key.Wrong($"is {ShownText.Of(key.Text())}, and the choices are {ShownText.List(labels)}")
            : (Choices($"Question: {Filled(stem)}\nAnswer:", [.. texts.Select(text => text.Text)]), answer);
    }

    private static (List<TaskRequest> Requests, int Answer) Piqa(JsonPlace record) =>
        (
            Choices($"Question: {Filled(record.At("goal"))}\nAnswer:", [Filled(record.At("sol1")), Filled(record.At("sol2"))]),
            Index(record.At("label"), 2, first: 0)
        );

    // The choices stand in the context, and what follows is scored.
    private static (List<TaskRequest> Requests, int Answer) WinoGrande(JsonPlace record)
    {
        var place = record.At("sentence");
        var sentence = Filled(place);
        var gap = sentence.IndexOf('_', StringComparison.Ordinal);
        if (gap < 0)
            throw place.Wrong("has no _, where the options belong");
        var rest = sentence[(gap + 1)..].Trim();
        if (rest.Length == 0)
            throw place.Wrong("ends with _, and what follows the options is what is scored");
        string[] options = [Filled(record.At("option1")), Filled(record.At("option2"))];
        return (
            [.. options.Select(option => new TaskRequest(sentence[..gap] + option, " " + rest, rest))],
            Index(record.At("answer"), 2, first: 1)
        );
    }

    private static (List<TaskRequest> Requests, int Answer) BoolQ(JsonPlace record)
    {
        var (answer, label) = (record.At("answer"), record.At("label"));
        return (
            Choices($"{Filled(record.At("passage"))}\nQuestion: {Filled(record.At("question"))}?\nAnswer:", ["no", "yes"]),
            !answer.IsEmpty ? (answer.Flag() ? 1 : 0) : Index(label, 2, first: 0)
        );
    }

    private static (List<TaskRequest> Requests, int Answer) Lambada(JsonPlace record)
    {
        var place = record.At("text");
        var text = Filled(place);
        var last = text.LastIndexOf(' ');
        if (last < 0 || last == text.Length - 1)
            throw place.Wrong("must end with a space and a word, the one to be found");
        return ([new TaskRequest(text[..last], text[last..], text[(last + 1)..])], 0);
    }

    private static (List<TaskRequest> Requests, int Answer) MultipleChoice(JsonPlace record)
    {
        var context = record.At("context").Text();
        var choices = Texts(record.At("choices"));
        var answer = record.At("answer");
        var index = answer.IsText
            ? choices.FindIndex(choice => string.Equals(choice.Text, answer.Text(), StringComparison.Ordinal))
            : Index(answer, choices.Count, first: 0);
        return index < 0
            ? throw answer.Wrong("is none of the choices")
            : ([.. choices.Select(choice => Joined(context, choice.Text))], index);
    }

    private static (List<TaskRequest> Requests, int Answer) Cloze(JsonPlace record) =>
        ([Joined(record.At("context").Text(), Filled(record.At("target")))], 0);

    private static List<TaskRequest> Choices(string context, IReadOnlyList<string> choices) =>
        [.. choices.Select(choice => new TaskRequest(context, " " + choice, choice))];

    // Where neither says what is between them, a space is.
    private static TaskRequest Joined(string context, string continuation)
    {
        var isApart = context.Length == 0 || char.IsWhiteSpace(context[^1]) || char.IsWhiteSpace(continuation[0]);
        return new TaskRequest(context, isApart ? continuation : " " + continuation, continuation);
    }

    // Data sets have it as a number or as a text of one.
    private static int Index(JsonPlace place, int count, int first)
    {
        var kind = $"a whole number from {first} to {first + count - 1}";
        if (!place.IsText)
            return (int)place.Whole(first, first + count - 1) - first;
        for (var index = 0; index < count; index++)
        {
            if (place.Text() == (first + index).ToString(System.Globalization.CultureInfo.InvariantCulture))
                return index;
        }

        throw place.MustBe(kind);
    }

    private static List<(JsonPlace Place, string Text)> Texts(JsonPlace list) =>
        [.. Few(list).Select(element => (element, Filled(element)))];

    private static IReadOnlyList<JsonPlace> Few(JsonPlace list)
    {
        if (!list.IsArray)
            throw list.MustBe("a list of choices");
        var elements = list.Elements();
        return elements.Count is >= 1 and <= MostChoices
            ? elements
            : throw list.Wrong($"must have from 1 to {MostChoices} choices, not {elements.Count}");
    }

    private static string Filled(JsonPlace place)
    {
        var text = place.Text();
        return text.Length > 0 ? text : throw place.MustBe("a text that is not empty");
    }

    // The first letter large and all others small.
    private static string Capitalized(string text)
    {
        if (text.Length == 0)
            return text;
        var first = Rune.GetRuneAt(text, 0);
        return Rune.ToUpperInvariant(first) + text[first.Utf16SequenceLength..].ToLowerInvariant();
    }
}
