using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using LowRank.Training.Templates.Values;

namespace LowRank.Training.Templates;

/// <summary>
/// JSON as Python's <c>json.dumps</c> writes it, which is what Hugging Face's library puts in the place of <c>tojson</c>.
/// </summary>
/// <param name="ensureAscii">Whether letters beyond ASCII are written as escapes.</param>
/// <param name="indent">What each level is indented by; null for all on one line.</param>
/// <param name="between">What stands between elements.</param>
/// <param name="behindKey">What stands behind a key.</param>
/// <param name="sortKeys">Whether keys are sorted.</param>
internal sealed class PythonJson(bool ensureAscii, string? indent, string between, string behindKey, bool sortKeys)
{
    private readonly StringBuilder text = new();

    /// <summary>A value as JSON.</summary>
    /// <exception cref="TemplateFault">JSON has nothing for it.</exception>
    public string Write(object? value)
    {
        Write(value, 0);
        return text.ToString();
    }

    private void Write(object? value, int depth)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (text.Length > Budget.MostCharacters)
            throw Budget.TooLarge();
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case bool truth:
                text.Append(truth ? "true" : "false");
                break;
            case long whole:
                text.Append(CultureInfo.InvariantCulture, $"{whole}");
                break;
            case double real:
                text.Append(Real(real));
                break;
            case string letters:
                Quote(letters);
                break;
            case TemplateList list:
                WriteAll('[', ']', list.Items, depth, item => Write(item, depth + 1));
                break;
            case TemplateMap map:
                WriteAll('{', '}', Entries(map), depth, entry => WriteEntry(entry, depth + 1));
                break;
            default:
                throw new TemplateFault($"a {Kinds.Of(value)} can't be written as JSON");
        }
    }

    private void WriteAll<T>(char open, char close, IReadOnlyList<T> items, int depth, Action<T> write)
    {
        text.Append(open);
        for (var index = 0; index < items.Count; index++)
        {
            if (index > 0)
                text.Append(between);
            NewLine(depth + 1);
            write(items[index]);
        }

        if (items.Count > 0)
            NewLine(depth);
        text.Append(close);
    }

    private void WriteEntry((object? Key, object? Value) entry, int depth)
    {
        Quote(
            entry.Key switch
            {
                string name => name,
                null => "null",
                bool truth => truth ? "true" : "false",
                long whole => whole.ToString(CultureInfo.InvariantCulture),
                double real => Real(real),
                var other => throw new TemplateFault($"a {Kinds.Of(other)} can't be a key in JSON"),
            }
        );
        text.Append(behindKey);
        Write(entry.Value, depth);
    }

    private List<(object? Key, object? Value)> Entries(TemplateMap map)
    {
        var entries = map.Entries.ToList();
        return sortKeys ? PythonOrder.Sort(entries, entry => entry.Key) : entries;
    }

    private void NewLine(int depth)
    {
        if (indent is null)
            return;
        text.Append('\n');
        for (var level = 0; level < depth; level++)
            text.Append(indent);
    }

    private static string Real(double value) =>
        double.IsNaN(value) ? "NaN"
        : double.IsInfinity(value) ? (value > 0 ? "Infinity" : "-Infinity")
        : Numbers.Write(value);

    private void Quote(string letters)
    {
        text.Append('"');
        foreach (var letter in letters)
        {
            _ = letter switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\f' => text.Append("\\f"),
                '\b' => text.Append("\\b"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}"),
                > '~' when ensureAscii => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}"),
                _ => text.Append(letter),
            };
        }

        text.Append('"');
    }
}
