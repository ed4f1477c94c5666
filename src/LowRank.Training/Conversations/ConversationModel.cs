using System.Text;
using LowRank.Training.Tokenization;

namespace LowRank.Training.Conversations;

/// <summary>What a model needs to read conversations: its tokenizer, its chat template, and what ends its answers.</summary>
internal sealed class ConversationModel
{
    /// <summary>What is named in a template's place for none.</summary>
    public const string NoTemplate = "none";

    private readonly ConversationTokenizer conversations;
    private readonly HashSet<int> ends;

    /// <summary>Takes them up.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="companions">The files that came with it.</param>
    /// <param name="options">Another template than the model's, and whether special tokens in what is said are trusted.</param>
    /// <exception cref="InputException">The template can't be read, or has something that is not supported.</exception>
    public ConversationModel(Tokenizer tokenizer, CompanionFiles companions, ConversationOptions options)
    {
        (Tokenizer, Companions) = (tokenizer, companions);
        Template = options.ChatTemplate switch
        {
            NoTemplate => null,
            null => ChatTemplate.Find(companions, tokenizer.Name(tokenizer.EndOfText)),
            var path => ChatTemplate.Load(path, companions, tokenizer.Name(tokenizer.EndOfText)),
        };
        // The run keeps the template that it was trained with.
        if (Template is not null && options.ChatTemplate is not null)
            Companions = companions.With(CompanionFiles.ChatTemplate, Encoding.UTF8.GetBytes(Template.Source));
        ends = [.. tokenizer.EndTokens];
        conversations = new ConversationTokenizer(tokenizer, Template, ends) { TrustsContent = options.TrustSpecialTokens };
    }

    /// <summary>The model's tokenizer.</summary>
    public Tokenizer Tokenizer { get; }

    /// <summary>The files that came with it, with the template that was named.</summary>
    public CompanionFiles Companions { get; }

    /// <summary>The chat template; null for none.</summary>
    public ChatTemplate? Template { get; }

    /// <summary>Conversations in files.</summary>
    /// <exception cref="InputException">A path does not exist, or is no file of records.</exception>
    public ConversationFiles Read(IReadOnlyList<string> paths, CancellationToken stop) => new(paths, conversations, ends, stop);

    /// <summary>The ids that the model reads before its next answer.</summary>
    /// <exception cref="InputException">There is no template, or it refuses the conversation.</exception>
    public IReadOnlyList<int> Ask(Conversation conversation, CancellationToken stop) => conversations.Ask(conversation, stop);
}
