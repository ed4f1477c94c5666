using LowRank.Training.Wording;

namespace LowRank.Training;

/// <summary>
/// What the user gave cannot be used. The message is one sentence or two that say what is wrong, where, and what to do; the command
/// line prints it and ends with exit code 2. An option is called by its property; the command line calls it by its flag.
/// </summary>
public class InputException : Exception
{
    private readonly FormattableString? sentence;

    /// <summary>What is wrong.</summary>
    /// <param name="message">What is wrong, where, and what to do.</param>
    internal InputException(string message)
        : base(message) { }

    /// <summary>What is wrong, in a sentence whose options are <see cref="OptionName"/>s.</summary>
    private protected InputException(FormattableString sentence)
        : base(OptionSentence.Write(sentence, property => property)) => this.sentence = sentence;

    /// <summary>The same with a sentence that names options.</summary>
    /// <param name="sentence">What is wrong, where, and what to do; options are <see cref="OptionName"/>s in it.</param>
    internal static InputException Naming(FormattableString sentence) => new(sentence);

    /// <summary>The message to a reader who knows options by other names than those of properties.</summary>
    /// <param name="name">What an option of this property is called.</param>
    internal string Say(Func<string, string> name) => sentence is null ? Message : OptionSentence.Write(sentence, name);

    /// <summary>The message as a part of another one, in which its options can still be called by other names.</summary>
    internal FormattableString Sentence => sentence ?? $"{Message}";
}
