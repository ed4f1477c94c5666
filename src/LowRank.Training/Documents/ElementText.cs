using System.Collections.Frozen;
using System.Text;
using AngleSharp.Dom;

namespace LowRank.Training.Documents;

/// <summary>
/// Writes the text within an element as the rules for web text expect it: a line for each paragraph, heading, item and row, none of them
/// blank, and single spaces within. Only preformatted text keeps its own lines and indentation.
/// </summary>
internal static class ElementText
{
    private static readonly FrozenSet<string> Blocks = FrozenSet.Create(
        StringComparer.Ordinal,
        [
            .. "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure".Split(' '),
            .. "footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup option p pre search".Split(' '),
            .. "section summary table tbody tfoot thead tr ul".Split(' '),
        ]
    );

    private static readonly FrozenSet<string> Unread = FrozenSet.Create(
        StringComparer.Ordinal,
        [.. "head iframe math noscript object script select style svg template textarea title".Split(' ')]
    );

    /// <summary>The text of an element, lines ended by <c>\n</c>.</summary>
    public static string Of(IElement element)
    {
        var text = new Lines();

        // Not by recursion, and not from sibling to sibling, which are looked for from the first one on.
        var open = new Stack<(INode Node, int Next)>();
        Enter(element, text);
        open.Push((element, 0));
        while (open.TryPop(out var top))
        {
            if (top.Next == top.Node.ChildNodes.Length)
            {
                Leave(top.Node, text);
                continue;
            }

            open.Push((top.Node, top.Next + 1));
            var child = top.Node.ChildNodes[top.Next];
            if (child is IText words)
            {
                text.Append(words.Data);
            }
            else if (child is IElement inner && !Unread.Contains(inner.LocalName))
            {
                Enter(inner, text);
                open.Push((inner, 0));
            }
        }

        return text.ToString();
    }

    private static void Enter(INode node, Lines text)
    {
        var name = ((IElement)node).LocalName;
        if (name == "pre")
            text.Preformatted++;
        if (Blocks.Contains(name) || name == "br")
            text.Break();
        else if (name is "td" or "th")
            text.Space();
    }

    private static void Leave(INode node, Lines text)
    {
        var name = ((IElement)node).LocalName;
        if (name == "pre")
            text.Preformatted--;
        if (Blocks.Contains(name))
            text.Break();
    }

    /// <summary>What was written so far; spaces and line ends are written once something follows.</summary>
    private sealed class Lines
    {
        private readonly StringBuilder written = new();
        private bool breaks;
        private bool space;
        private int indentation;

        public int Preformatted { get; set; }

        public void Break() => (breaks, space) = (true, false);

        public void Space() => space = true;

        public void Append(ReadOnlySpan<char> text)
        {
            while (!text.IsEmpty)
            {
                var length = 0;
                while (length < text.Length && !char.IsWhiteSpace(text[length]))
                    length++;
                if (length > 0)
                {
                    Separate();
                    written.Append(text[..length]);
                    text = text[length..];
                    continue;
                }

                Skip(text[0]);
                text = text[1..];
            }
        }

        public override string ToString() => written.ToString();

        private void Skip(char white)
        {
            if (Preformatted == 0)
                space = true;
            else if (white == '\n')
                Break();
            else if (breaks || written.Length == 0)
                indentation++;
            else
                space = true;
        }

        private void Separate()
        {
            if (breaks && written.Length > 0)
                written.Append('\n').Append(' ', indentation);
            else if (space && written.Length > 0)
                written.Append(' ');
            breaks = space = false;
            indentation = 0;
        }
    }
}
