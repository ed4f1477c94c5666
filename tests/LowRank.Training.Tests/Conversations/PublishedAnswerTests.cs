using System.Text;
using LowRank.Training.Conversations;
using LowRank.Training.Json;
using LowRank.Training.Tests.Templates;

namespace LowRank.Training.Tests.Conversations;

/// <summary>
/// What is learned by a published template that writes earlier turns otherwise: Qwen 3's, which leaves out what was thought.
/// </summary>
public sealed class PublishedAnswerTests
{
    [Fact]
    public void An_answer_without_thoughts_is_learned_with_the_empty_ones_that_the_template_writes() =>
        Assert.Equal(
            ["«<|im_start|>»user↵u«<|im_end|>»↵«<|im_start|>»assistant↵[<think>↵↵</think>↵↵a«<|im_end|>»]↵"],
            Shown("""{"messages": [{"role": "user", "content": "u"}, {"role": "assistant", "content": "a"}]}""")
        );

    [Fact]
    public void A_conversation_of_two_answers_gives_an_example_for_each_with_its_own_thoughts() =>
        Assert.Equal(
            [
                "«<|im_start|>»user↵u«<|im_end|>»↵«<|im_start|>»assistant↵[<think>↵s↵</think>↵↵a«<|im_end|>»]↵",
                "«<|im_start|>»user↵u«<|im_end|>»↵«<|im_start|>»assistant↵a«<|im_end|>»↵«<|im_start|>»user↵v«<|im_end|>»↵«<|im_start|>»assistant↵[<think>↵t↵</think>↵↵b«<|im_end|>»]↵",
            ],
            Shown(
                """
                {"messages": [{"role": "user", "content": "u"}, {"role": "assistant", "content": "<think>\ns\n</think>\n\na"},
                              {"role": "user", "content": "v"}, {"role": "assistant", "content": "b", "reasoning_content": "t"}]}
                """
            )
        );

    [Fact]
    public void An_answer_that_calls_a_function_is_learned() =>
        Assert.Equal(
            [
                "«<|im_start|>»user↵u«<|im_end|>»↵«<|im_start|>»assistant↵[<think>↵↵</think>↵↵<tool_call>↵{\"name\": \"f\", \"arguments\": {\"x\": 1}}↵</tool_call>«<|im_end|>»]↵",
            ],
            Shown(
                """{"messages": [{"role": "user", "content": "u"}, {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "f", "arguments": {"x": 1}}}]}]}"""
            )
        );

    private static IEnumerable<string> Shown(string record)
    {
        var model = ChatSamples.Model(PublishedTemplates.Read()["qwen3"]);
        var conversation = RecordForms.Read(JsonFile.Parse(Encoding.UTF8.GetBytes(record), "the record"));
        return new ConversationTokenizer(model.Tokenizer, model.Template, model.Tokenizer.EndTokens.ToHashSet())
            .Encode(conversation, TestContext.Current.CancellationToken)
            .Select(ChatSamples.Shown);
    }
}
