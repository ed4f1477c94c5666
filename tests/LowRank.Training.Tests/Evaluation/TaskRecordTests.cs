using System.Text;
using LowRank.Training.Evaluation.Tasks;

namespace LowRank.Training.Tests.Evaluation;

/// <summary>The prompts of each form, as the lm-evaluation-harness lays them out, and records that are of none.</summary>
public sealed class TaskRecordTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void HellaSwag_begins_with_its_activity_and_is_cleaned_of_its_pages()
    {
        var question = Read(
            """{"ind": 3, "activity_label": "Removing ice", "ctx_a": "A man is [step] seen.", "ctx_b": "THE Man", "ctx": "unused", "endings": ["is  well. [title] Then", "[b] goes"], "label": "1"}"""
        );
        Assert.Equal(1, question.Answer);
        Assert.Equal(["Removing ice: A man is seen. The man"], question.Requests.Select(request => request.Context).Distinct());
        Assert.Equal([" is well.. Then", "  goes"], question.Requests.Select(request => request.Continuation));
        Assert.Equal(["is well.. Then", " goes"], question.Requests.Select(request => request.Choice));
        var plain = Read("""{"ctx": " He runs. [title] Fast", "endings": ["a", "b"], "label": 0}""");
        Assert.Equal("He runs.. Fast", plain.Requests[0].Context);
    }

    [Theory]
    [InlineData("a [b] c [d] e", "a c e")]
    [InlineData("a [b\n] c]", "a [b\n] c]")]
    [InlineData("[x\n[y] z", "[x\n z")]
    [InlineData("a ] b [ c", "a ] b [ c")]
    [InlineData("[[a]] b", "] b")]
    public void Brackets_are_left_out_within_a_line(string text, string expected) => Assert.Equal(expected, HellaSwagText.Clean(text));

    [Fact]
    public void Text_of_brackets_alone_is_cleaned_in_time_that_grows_with_it()
    {
        var open = string.Concat(Enumerable.Repeat("[\n", 200_000));
        Assert.Equal(open.Trim(), HellaSwagText.Clean(open));
        Assert.Equal((open + "]").Length, HellaSwagText.Clean(open + "]").Length);
    }

    [Theory]
    [InlineData("""{"id": 1, "question": "Why?", "choices": {"text": ["x", "y"], "label": ["A", "B"]}, "answerKey": "B"}""")]
    [InlineData(
        """{"question": {"stem": "Why?", "choices": [{"text": "x", "label": "1"}, {"text": "y", "label": "2"}]}, "answerKey": "2"}"""
    )]
    [InlineData("""{"question": "Why?", "choices": [{"text": "x", "label": "A"}, {"text": "y", "label": "B"}], "answerKey": "B"}""")]
    public void Arc_asks_for_the_text_of_its_choices(string line)
    {
        var question = Read(line);
        Assert.Equal(
            ("Question: Why?\nAnswer:", " x", 1),
            (question.Requests[0].Context, question.Requests[0].Continuation, question.Answer)
        );
    }

    [Fact]
    public void Piqa_and_boolq_ask_for_an_answer()
    {
        var piqa = Read("""{"goal": "Open it", "sol1": "pull", "sol2": "push", "label": 1}""");
        Assert.Equal(("Question: Open it\nAnswer:", " push", 1), (piqa.Requests[1].Context, piqa.Requests[1].Continuation, piqa.Answer));
        var boolq = Read("""{"passage": "It is.", "question": "is it", "answer": true}""");
        Assert.Equal(
            ("It is.\nQuestion: is it?\nAnswer:", " no", " yes", 1),
            (boolq.Requests[0].Context, boolq.Requests[0].Continuation, boolq.Requests[1].Continuation, boolq.Answer)
        );
        Assert.Equal(0, Read("""{"passage": "It is.", "question": "is it", "label": 0, "idx": 3}""").Answer);
    }

    [Fact]
    public void WinoGrande_puts_its_options_into_the_context_and_scores_what_follows()
    {
        var question = Read("""{"sentence": "Ann met Eva since _ was late. ", "option1": "Ann", "option2": "Eva", "answer": "2"}""");
        Assert.Equal(1, question.Answer);
        Assert.Equal(["Ann met Eva since Ann", "Ann met Eva since Eva"], question.Requests.Select(request => request.Context));
        Assert.All(question.Requests, request => Assert.Equal(" was late.", request.Continuation));
        Assert.Equal("Ann met Eva since Eva was late.", question.Example);
    }

    [Fact]
    public void Lambada_asks_for_the_last_word_and_general_forms_join_by_one_space()
    {
        var lambada = Read("""{"text": "He said  hello there", "domain": null}""");
        Assert.Equal(("He said  hello", " there", "there"), Parts(lambada));
        Assert.Equal(("2 + 2 =", " 4", "4"), Parts(Read("""{"context": "2 + 2 =", "target": "4"}""")));
        Assert.Equal(("2 + 2 =\n", "4", "4"), Parts(Read("""{"context": "2 + 2 =\n", "target": "4"}""")));
        Assert.Equal(("", "4", "4"), Parts(Read("""{"context": "", "target": "4"}""")));
        Assert.Equal(2, Read("""{"context": "It", "choices": ["a", "b", "c"], "answer": "c"}""").Answer);
        Assert.Equal(0, Read("""{"context": "It", "choices": ["a", "b", "c"], "answer": 0}""").Answer);

        static (string, string, string) Parts(TaskDocument document) =>
            (document.Requests[0].Context, document.Requests[0].Continuation, document.Requests[0].Choice);
    }

    [Theory]
    [InlineData("""{"ctx": "a", "endings": [], "label": 0}""", "endings must have from 1 to 1000 choices, not 0")]
    [InlineData("""{"ctx": "a", "endings": ["x", ""], "label": 0}""", "endings[1] must be a text that is not empty")]
    [InlineData("""{"ctx": "a", "endings": ["x", "[y]"], "label": 0}""", "endings[1] must be a text, and nothing is left")]
    [InlineData("""{"ctx": "a", "endings": ["x", "y"], "label": ""}""", "label must be a whole number from 0 to 1, not \"\"")]
    [InlineData("""{"ctx": "a", "endings": ["x", "y"], "label": 2}""", "label must be a whole number from 0 to 1, not 2")]
    [InlineData("""{"ctx": "a", "endings": ["x", "y"]}""", "label is missing")]
    [InlineData(
        """{"question": "a", "choices": {"text": ["x"], "label": ["A", "B"]}, "answerKey": "A"}""",
        "choices.label has 2 labels for 1 choices"
    )]
    [InlineData(
        """{"question": "a", "choices": {"text": ["x"], "label": ["A"]}, "answerKey": "C"}""",
        "answerKey is C, and the choices are A"
    )]
    [InlineData("""{"question": "a", "choices": 3, "answerKey": "C"}""", "choices.text is missing; it must be a list of choices")]
    [InlineData("""{"sentence": "a b", "option1": "x", "option2": "y", "answer": "1"}""", "sentence has no _")]
    [InlineData("""{"sentence": "a _ ", "option1": "x", "option2": "y", "answer": "1"}""", "sentence ends with _")]
    [InlineData("""{"sentence": "a _ b", "option1": "x", "option2": "y", "answer": "0"}""", "answer must be a whole number from 1 to 2")]
    [InlineData("""{"passage": "a", "question": "b", "answer": "yes"}""", "answer must be true or false")]
    [InlineData("""{"text": "word"}""", "text must end with a space and a word")]
    [InlineData("""{"context": "a", "choices": ["x"], "answer": "y"}""", "answer is none of the choices")]
    [InlineData("""{"context": "a", "choices": ["x"], "answer": 1}""", "answer must be a whole number from 0 to 0")]
    [InlineData("""{"context": 1, "target": "x"}""", "context must be a text, not 1")]
    [InlineData("""{"premise": "a", "hypothesis": "b"}""", "of none of the forms hellaswag")]
    [InlineData("""[1]""", "the line must be a JSON object")]
    [InlineData("""{"context": "a" """, "not JSON: ")]
    public void A_record_that_is_none_is_refused_with_its_line(string line, string part)
    {
        var path = Write($"\n{line}\n");
        using var file = TaskFile.Open(path, null, default);
        var refused = Assert.ThrowsAny<InputException>(() => file.Read(5)).Message;
        Assert.StartsWith($"{path}, line 2: ", refused, StringComparison.Ordinal);
        Assert.Contains(part, refused, StringComparison.Ordinal);
    }

    [Fact]
    public void All_records_are_of_the_first_ones_form_or_of_that_which_is_asked_for()
    {
        var path = Write("{\"text\": \"a b\"}\n\n{\"context\": \"a\", \"target\": \"b\"}\n");
        using var file = TaskFile.Open(path, null, default);
        Assert.Contains(
            ", line 3: text is missing",
            Assert.ThrowsAny<InputException>(() => file.Read(5)).Message,
            StringComparison.Ordinal
        );
        using var named = TaskFile.Open(path, TaskForm.Cloze, default);
        Assert.Contains(
            ", line 1: context is missing",
            Assert.ThrowsAny<InputException>(() => named.Read(5)).Message,
            StringComparison.Ordinal
        );
        using var few = TaskFile.Open(path, null, default);
        Assert.Single(few.Read(1));
        Assert.Equal(TaskForm.Lambada, few.Form);
        Assert.ThrowsAny<InputException>(() => TaskFile.Open(folder.Path, null, default));
    }

    private TaskDocument Read(string line)
    {
        using var file = TaskFile.Open(Write(line), null, default);
        return Assert.Single(file.Read(5));
    }

    private string Write(string content)
    {
        var path = Path.Combine(folder.Path, "task.jsonl");
        File.WriteAllText(path, content, new UTF8Encoding(false));
        return path;
    }
}
