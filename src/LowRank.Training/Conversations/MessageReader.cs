using System.Text;
using LowRank.Training.Json;
using LowRank.Training.Templates;
using LowRank.Training.Templates.Values;

namespace LowRank.Training.Conversations;

/// <summary>
/// Reads one message: <c>role</c> and <c>content</c> as OpenAI and Hugging Face have them, or <c>from</c> and <c>value</c> of ShareGPT.
/// </summary>
internal static class MessageReader
{
    /// <summary>The turn of a message.</summary>
    /// <exception cref="WrongJsonException">It is none; the key is named.</exception>
    /// <exception cref="UnusableRecordException">Its role is unknown, or it isn't text.</exception>
    public static Turn Read(JsonPlace message)
    {
        if (!message.IsObject)
            throw message.MustBe("an object with role and content");
        var isShared = message.Optional("role") is null && message.Optional("from") is not null;
        var who = message.At(isShared ? "from" : "role");
        var role = Role(who.Text());
        var content = message.At(isShared ? "value" : "content");
        var calls = message.Optional("tool_calls");
        var text = content.IsEmpty && calls is not null ? null : Text(content);
        var values = new TemplateMap();
        values.Set("role", role);
        values.Set("content", text);
        foreach (var (key, place) in message.Members())
        {
            if (key != who.Path.Split('.')[^1] && key is not ("role" or "content" or "value"))
                values.Set(key, TemplateValues.Of(place.Element!.Value));
        }

        return new Turn(role, values, role == "assistant" && IsLearned(message) && (text?.Length > 0 || calls is not null));
    }

    private static string Role(string name) =>
        name switch
        {
            "system" or "developer" or "user" or "assistant" or "tool" or "function" or "ipython" => name,
            "human" => "user",
            "gpt" or "chatgpt" or "bing" or "bard" or "model" => "assistant",
            "observation" or "function_response" => "tool",
            _ => throw new UnusableRecordException("with an unknown role", $"has the unknown role '{ShownText.Of(name)}'"),
        };

    // Parts of text are one text, which every template reads.
    private static string Text(JsonPlace content)
    {
        if (!content.IsArray)
            return content.Text("a text, or an array of parts of text");
        var text = new StringBuilder();
        foreach (var part in content.Elements())
        {
            if (part.IsText)
                text.Append(part.Text());
            else if (part.Optional("type")?.Text() is null or "text")
                text.Append(part.At("text").Text());
            else
                throw new UnusableRecordException(
                    "with parts that are no text",
                    $"has a part of the type '{ShownText.Of(part.At("type").Text())}', which is no text"
                );
        }

        return text.ToString();
    }

    // OpenAI's files say so of single answers.
    private static bool IsLearned(JsonPlace message) => message.Optional("weight") is not { } weight || weight.Whole(0, 1) == 1;
}
