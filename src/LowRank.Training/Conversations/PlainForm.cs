namespace LowRank.Training.Conversations;

/// <summary>A text and how it goes on, without any template.</summary>
/// <param name="Prompt">The text.</param>
/// <param name="Completion">How it goes on, which is to be learned, and the end of the text with it.</param>
internal sealed record PlainForm(string Prompt, string Completion)
{
    /// <summary>An instruction with its answer, in the headings that Alpaca's data set made usual.</summary>
    /// <param name="instruction">What is asked.</param>
    /// <param name="input">What it is about; empty for nothing.</param>
    /// <param name="output">The answer.</param>
    public static PlainForm OfInstruction(string instruction, string input, string output)
    {
        var about = input.Length > 0 ? $"### Input:\n{input}\n\n" : "";
        return new PlainForm($"### Instruction:\n{instruction}\n\n{about}### Response:\n", output);
    }
}
