using LowRank.Training.Templates.Values;

namespace LowRank.Training.Conversations;

/// <summary>What one of those who talk says.</summary>
/// <param name="Role">Who: system, user, assistant, tool.</param>
/// <param name="Message">All that a template can read of it.</param>
/// <param name="Counts">Whether a model is to learn it.</param>
internal sealed record Turn(string Role, TemplateMap Message, bool Counts)
{
    /// <summary>What is said; empty for nothing.</summary>
    public string Text => Message.TryGet("content", out var content) && content is string text ? text : "";

    /// <summary>A turn of text alone.</summary>
    public static Turn Of(string role, string content, bool counts = false)
    {
        var message = new TemplateMap();
        message.Set("role", role);
        message.Set("content", content);
        return new Turn(role, message, counts);
    }
}
