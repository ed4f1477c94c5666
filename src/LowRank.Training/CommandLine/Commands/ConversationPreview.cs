using System.Globalization;
using System.Text;
using LowRank.Training.Conversations;
using LowRank.Training.Data.Examples;
using LowRank.Training.Json;
using LowRank.Training.Tokenization;
using LowRank.Training.Wording;

namespace LowRank.Training.CommandLine.Commands;

/// <summary>Shows what conversations become: text, tokens, and which of them are learned.</summary>
internal static class ConversationPreview
{
    /// <summary>Shows the first conversations.</summary>
    /// <param name="app">The program.</param>
    /// <param name="model">Tokenizer and template.</param>
    /// <param name="options">Which conversations.</param>
    /// <param name="count">How many.</param>
    /// <param name="context">Tokens that the model reads at once.</param>
    /// <param name="isJson">Whether as JSON.</param>
    public static int Print(AppSession app, ConversationModel model, ConversationOptions options, int count, int context, bool isJson)
    {
        var files = ConversationPreparation.Open(app, model, options);
        var examples = files
            .Read(app.Stop)
            .SelectMany(record => record.Examples.Select(example => (record.Place, Example: example)))
            .Take(count)
            .ToList();
        if (examples.Count == 0)
            throw new InputException($"Nothing can be learned from {files.Description}.");
        if (isJson)
            PrintJson(app, model.Tokenizer, examples);
        else
            PrintText(app, model.Tokenizer, examples, context);
        return ExitCode.Success;
    }

    private static void PrintText(AppSession app, Tokenizer tokenizer, List<(string Place, TokenizedExample Example)> examples, int context)
    {
        var output = app.Console.Output;
        var names = Names(tokenizer);
        for (var number = 0; number < examples.Count; number++)
        {
            var (place, example) = examples[number];
            if (number > 0)
                output.WriteLine();
            var counted = example.Counts.Count(counts => counts);
            output.WriteLine(
                $"Example {Quantity.Count(number + 1)}, {place}: {Quantity.Count(example.Ids.Count)} tokens, of which {Quantity.Count(counted)} are learned (+)."
            );
            // The last token is never read, only predicted.
            if (example.Ids.Count - 1 > context)
                output.WriteLine($"It is longer than the context of {Quantity.Count(context)} tokens; what is behind that is not learned.");
            output.WriteLine(Text(example.Ids, tokenizer, names));
            for (var token = 0; token < example.Ids.Count; token++)
            {
                var id = example.Ids[token];
                var shown = Quoted(Text([id], tokenizer, names));
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(example.Counts[token] ? '+' : ' ')} {id, 7}  {shown}"));
            }
        }

        output.Flush();
    }

    private static void PrintJson(AppSession app, Tokenizer tokenizer, List<(string Place, TokenizedExample Example)> examples)
    {
        var names = Names(tokenizer);
        JsonOutput.Print(
            app.Console.Output,
            document =>
            {
                document.WriteStartArray("examples");
                foreach (var (place, example) in examples)
                {
                    document.WriteStartObject();
                    document.WriteString("place", place);
                    document.WriteString("text", Text(example.Ids, tokenizer, names));
                    document.WriteStartArray("ids");
                    foreach (var id in example.Ids)
                        document.WriteNumberValue(id);
                    document.WriteEndArray();
                    document.WriteStartArray("counts");
                    foreach (var counts in example.Counts)
                        document.WriteBooleanValue(counts);
                    document.WriteEndArray();
                    document.WriteEndObject();
                }

                document.WriteEndArray();
            }
        );
    }

    private static Dictionary<int, string> Names(Tokenizer tokenizer) =>
        tokenizer.Special.GroupBy(token => token.Id).ToDictionary(group => group.Key, group => group.First().Text);

    // Special tokens have no text, and are what has to be seen here.
    private static string Text(IEnumerable<int> ids, Tokenizer tokenizer, Dictionary<int, string> names)
    {
        var text = new StringBuilder();
        var between = new List<int>();
        foreach (var id in ids)
        {
            if (!names.TryGetValue(id, out var name))
            {
                between.Add(id);
                continue;
            }

            text.Append(Encoding.UTF8.GetString(tokenizer.Decode(between))).Append(name);
            between.Clear();
        }

        return text.Append(Encoding.UTF8.GetString(tokenizer.Decode(between))).ToString();
    }

    private static string Quoted(string text) => $"'{ShownText.Of(text.Replace("\n", "\\n", StringComparison.Ordinal), most: 200)}'";
}
