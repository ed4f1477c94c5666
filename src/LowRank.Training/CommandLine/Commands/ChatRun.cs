using LowRank.Training.Files;
using LowRank.Training.Generation;

namespace LowRank.Training.CommandLine.Commands;

/// <summary>A conversation on the command line.</summary>
/// <param name="app">The program.</param>
/// <param name="session">The conversation.</param>
/// <param name="generator">The one that it generates with.</param>
internal sealed class ChatRun(AppSession app, ChatSession session, TextGenerator generator)
{
    /// <summary>Holds it.</summary>
    /// <param name="system">What it begins with; null for nothing.</param>
    /// <param name="prompt">The only turn; null for lines of standard input.</param>
    /// <param name="tokens">Most tokens of an answer.</param>
    /// <param name="sampling">How each is chosen.</param>
    /// <param name="isJson">Whether all of it is printed at its end, as JSON.</param>
    /// <exception cref="InputException">The template refuses the conversation, or that fills the model's context.</exception>
    public void Hold(string? system, string? prompt, int tokens, SamplingOptions sampling, bool isJson)
    {
        if (system is not null)
            session.Say("system", system);
        try
        {
            foreach (var said in prompt is null ? Lines() : [prompt])
            {
                session.Say("user", said);
                Answer(tokens, sampling, isSilent: isJson);
                if (app.Stop.IsCancellationRequested)
                    break;
            }
        }
        catch (InputException) when (isJson && session.Turns.Any(turn => turn.Role == "assistant"))
        {
            // What was answered before isn't lost with it.
            PrintJson();
            throw;
        }

        if (isJson)
            PrintJson();
    }

    private void Answer(int tokens, SamplingOptions sampling, bool isSilent)
    {
        var output = app.Console.Output;
        foreach (var piece in session.Answer(tokens, sampling, app.Stop))
        {
            if (isSilent)
                continue;
            output.Write(piece);
            output.Flush();
        }

        if (isSilent)
            return;
        output.WriteLine();
        output.Flush();
    }

    // Empty ones say nothing.
    private IEnumerable<string> Lines()
    {
        var input = app.Console.Input;
        while (true)
        {
            if (app.Console.IsInteractive)
            {
                app.Console.Error.Write("> ");
                app.Console.Error.Flush();
            }

            if (StoppableRead.Run(input.ReadLine, app.Stop) is not { } line)
                yield break;
            if (line.Contains('\0', StringComparison.Ordinal))
                throw new InputException(
                    "Standard input is no text (it looks binary): it holds the byte 0x00. Give --chat lines of UTF-8 text."
                );
            if (line.Trim().Length > 0)
                yield return line;
        }
    }

    private void PrintJson() =>
        JsonOutput.Print(
            app.Console.Output,
            document =>
            {
                document.WriteStartArray("messages");
                foreach (var turn in session.Turns)
                {
                    document.WriteStartObject();
                    document.WriteString("role", turn.Role);
                    document.WriteString("content", turn.Text);
                    document.WriteEndObject();
                }

                document.WriteEndArray();
                GenerationJson.WriteSpeed(document, generator.Speed);
            }
        );
}
