using System.Buffers;
using System.Text;
using LowRank.Training.Templates.Values;
using LowRank.Training.Tokenization;

namespace LowRank.Training.Conversations;

/// <summary>
/// Keeps the texts of special tokens that stand in what somebody says apart from those that a template writes: only the template's end a
/// turn. A mark is put into each before the template sees it, and taken out when the text becomes tokens.
/// </summary>
internal sealed class SpecialTextGuard
{
    // Noncharacters of Unicode, which no text has but by mistake.
    private const char FirstMark = '\uFDD0';
    private const char LastMark = '\uFDEF';

    private readonly Tokenizer tokenizer;
    private readonly SearchValues<string>? special;
    private readonly (string Text, int Id)[] tokens;

    /// <summary>A guard of one tokenizer's special tokens.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    public SpecialTextGuard(Tokenizer tokenizer)
    {
        this.tokenizer = tokenizer;
        // The longest first: of those that begin at one place it is the one that is found.
        tokens = [.. tokenizer.Special.Where(token => token.Text.Length > 0).OrderByDescending(token => token.Text.Length)];
        special = tokens.Length == 0 ? null : SearchValues.Create([.. tokens.Select(token => token.Text)], StringComparison.Ordinal);
    }

    /// <summary>The conversation with marks, and the mark; without one where nothing has to be kept apart.</summary>
    public (IReadOnlyList<Turn> Turns, object? Tools, char Mark) Guard(Conversation conversation)
    {
        var values = conversation.Turns.Select(turn => (object?)turn.Message).Append(conversation.Tools).ToList();
        if (special is null || !values.Exists(value => Any(value, text => text.AsSpan().ContainsAny(special))))
            return (conversation.Turns, conversation.Tools, '\0');
        var mark = FirstMark;
        while (values.Exists(value => Any(value, text => text.Contains(mark, StringComparison.Ordinal))))
        {
            if (mark++ == LastMark)
                throw new UnusableRecordException(
                    "that can't be marked",
                    "has texts of special tokens and all of Unicode's noncharacters from U+FDD0 to U+FDEF"
                );
        }

        var found = mark;
        return (
            [.. conversation.Turns.Select(turn => turn with { Message = (TemplateMap)Marked(turn.Message, found, isTurn: true)! })],
            Marked(conversation.Tools, found, isTurn: false),
            found
        );
    }

    /// <summary>The ids of a text that a template has written, in which marks keep special tokens from being found.</summary>
    /// <param name="text">The text.</param>
    /// <param name="mark">The mark; 0 for none.</param>
    public IReadOnlyList<int> Encode(string text, char mark)
    {
        if (mark == '\0' || !text.Contains(mark, StringComparison.Ordinal))
            return tokenizer.Encode(text, specialTokens: true);
        var ids = new List<int>();
        var plain = new string([mark]);
        // What is between two of the template's special tokens is encoded as a whole: with special tokens where there is no mark in it.
        var start = 0;
        for (var at = 0; at <= text.Length; )
        {
            var (next, length) = NextSpecial(text, at, mark);
            var part = text[at..next];
            if (part.Contains(mark, StringComparison.Ordinal))
            {
                ids.AddRange(tokenizer.Encode(text[start..at], specialTokens: true));
                ids.AddRange(tokenizer.Encode(part.Replace(plain, "", StringComparison.Ordinal), specialTokens: false));
                start = next;
            }

            if (next == text.Length)
                break;
            at = next + length;
        }

        ids.AddRange(tokenizer.Encode(text[start..], specialTokens: true));
        return ids;
    }

    /// <summary>A text without its marks.</summary>
    public static string Plain(string text, char mark) =>
        mark == '\0' ? text : text.Replace(new string([mark]), "", StringComparison.Ordinal);

    // The next special token that the template has written.
    private (int At, int Length) NextSpecial(string text, int from, char mark)
    {
        while (from < text.Length)
        {
            var skipped = text.AsSpan(from).IndexOfAny(special!);
            if (skipped < 0)
                break;
            from += skipped;
            var length = Array.Find(tokens, token => text.AsSpan(from).StartsWith(token.Text, StringComparison.Ordinal)).Text.Length;
            // The mark of a token of one letter stands behind it.
            if (length > 1 || from + 1 >= text.Length || text[from + 1] != mark)
                return (from, length);
            from++;
        }

        return (text.Length, 0);
    }

    private string Mark(string text, char mark)
    {
        var made = new StringBuilder();
        var at = 0;
        while (at < text.Length)
        {
            var skipped = text.AsSpan(at).IndexOfAny(special!);
            if (skipped < 0)
                break;
            // Behind the first letter, which may be two units.
            var end = at + skipped + (char.IsHighSurrogate(text[at + skipped]) ? 2 : 1);
            made.Append(text, at, end - at).Append(mark);
            at = end;
        }

        return made.Append(text, at, text.Length - at).ToString();
    }

    private static bool Any(object? value, Predicate<string> holds) =>
        value switch
        {
            string text => holds(text),
            TemplateList list => list.Items.Any(item => Any(item, holds)),
            // A template may write keys, too.
            TemplateMap map => map.Entries.Any(entry => Any(entry.Key, holds) || Any(entry.Value, holds)),
            _ => false,
        };

    private object? Marked(object? value, char mark, bool isTurn)
    {
        switch (value)
        {
            case string text:
                return Mark(text, mark);
            case TemplateList list:
                return new TemplateList([.. list.Items.Select(item => Marked(item, mark, isTurn: false))], list.IsTuple);
            case TemplateMap map:
                var marked = new TemplateMap();
                foreach (var (key, item) in map.Entries)
                    marked.Set(Marked(key, mark, isTurn: false), isTurn && key is "role" ? item : Marked(item, mark, isTurn: false));
                return marked;
            default:
                return value;
        }
    }
}
