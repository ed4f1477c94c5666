using LowRank.Training.Json;
using LowRank.Training.Templates;

namespace LowRank.Training.Conversations;

/// <summary>
/// Tells by its keys what kind of conversation a record holds: <c>messages</c>, ShareGPT's <c>conversations</c>, a <c>prompt</c> with its
/// <c>completion</c>, or Alpaca's <c>instruction</c> and <c>output</c>. Where there are several, the first of these counts.
/// </summary>
internal static class RecordForms
{
    /// <summary>What is said of a record that is none of them, without a full stop.</summary>
    public const string Expected = "messages, conversations, prompt with completion, or instruction with output";

    /// <summary>The members of a record that are read, in the order in which they count.</summary>
    public static IReadOnlyList<string> Members { get; } =
    ["messages", "conversations", "prompt", "completion", "instruction", "input", "output", "system", "history", "tools"];

    /// <summary>The conversation of a record.</summary>
    /// <exception cref="WrongJsonException">It is none; the key is named.</exception>
    /// <exception cref="UnusableRecordException">Nothing can be learned from it.</exception>
    public static Conversation Read(JsonPlace record)
    {
        if (!record.IsObject)
            throw record.MustBe("an object");
        var tools = record.Optional("tools") is { } given
            ? TemplateValues.Of(given.IsArray ? given.Element!.Value : throw given.MustBe("an array of functions"))
            : null;
        if (record.Optional("messages") is { } messages)
            return OfTurns(Messages(record, messages), tools);
        if (record.Optional("conversations") is { } conversations)
            return OfTurns(Messages(record, conversations), tools);
        if (record.Optional("prompt") is { } prompt && record.Optional("completion") is { } completion)
            return OfPrompt(prompt, completion, tools);
        if (record.Optional("instruction") is { } instruction && record.Optional("output") is { } output)
            return OfInstruction(record, instruction, output);
        var keys = record.Members().Select(member => member.Key).ToList();
        throw record.Wrong(
            $"holds no conversation: it has {(keys.Count == 0 ? "no keys" : $"the keys {ShownText.List(keys)}")}, and needs {Expected}"
        );
    }

    private static List<Turn> Messages(JsonPlace record, JsonPlace messages)
    {
        var turns = messages.Elements().Select(MessageReader.Read).ToList();
        if (record.Optional("system") is { IsText: true } system && system.Text().Length > 0 && turns is not [{ Role: "system" }, ..])
            turns.Insert(0, Turn.Of("system", system.Text()));
        return turns;
    }

    private static Conversation OfTurns(List<Turn> turns, object? tools)
    {
        var last = turns.FindLastIndex(turn => turn.Counts);
        return last >= 0
            ? new Conversation(turns[..(last + 1)], tools)
            : throw new UnusableRecordException("without an answer", "has no answer that a model could learn");
    }

    private static Conversation OfPrompt(JsonPlace prompt, JsonPlace completion, object? tools)
    {
        if (prompt.IsArray)
        {
            var before = prompt.Elements().Select(message => MessageReader.Read(message) with { Counts = false });
            return OfTurns([.. before, .. completion.Elements().Select(MessageReader.Read)], tools);
        }

        var (question, answer) = (prompt.Text("a text or an array of messages"), completion.Text());
        return OfTurns([Turn.Of("user", question), Answer(answer)], tools) with { Plain = new PlainForm(question, answer) };
    }

    private static Conversation OfInstruction(JsonPlace record, JsonPlace instruction, JsonPlace output)
    {
        var (task, answer) = (instruction.Text(), output.Text());
        var input = record.Optional("input")?.Text() ?? "";
        var turns = new List<Turn>();
        if (record.Optional("system")?.Text() is { Length: > 0 } system)
            turns.Add(Turn.Of("system", system));
        foreach (var pair in record.Optional("history")?.Elements() ?? [])
        {
            var said = pair.Elements();
            if (said.Count != 2)
                throw pair.MustBe("an array of a question and its answer");
            turns.Add(Turn.Of("user", said[0].Text()));
            turns.Add(Answer(said[1].Text()));
        }

        var isAlone = turns.Count == 0;
        turns.Add(Turn.Of("user", input.Length > 0 ? $"{task}\n\n{input}" : task));
        turns.Add(Answer(answer));
        return OfTurns(turns, tools: null) with { Plain = isAlone ? PlainForm.OfInstruction(task, input, answer) : null };
    }

    private static Turn Answer(string text) => Turn.Of("assistant", text, counts: text.Length > 0);
}
