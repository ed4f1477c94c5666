namespace LowRank.Training.Templates;

/// <summary>
/// Cuts a template into tokens as Jinja 3.1 does with <c>trim_blocks</c> and <c>lstrip_blocks</c>, which is how Hugging Face's library
/// reads chat templates: a newline behind a block tag or a comment, and blanks before one at the beginning of a line, are no text.
/// </summary>
internal sealed class TemplateLexer
{
    private static readonly string[] Pairs = ["//", "**", "==", "!=", ">=", "<="];
    private const string Singles = "+-/*%~[](){}><=.:|,;";

    private readonly string template;
    private readonly string source;
    private readonly List<TemplateToken> tokens = [];
    private int position;
    private bool lineStarting = true;

    private TemplateLexer(string template, string source) => (this.template, this.source) = (template, source);

    /// <summary>The tokens of a template.</summary>
    /// <param name="template">What messages call it.</param>
    /// <param name="source">Its text, with <c>\n</c> alone at the ends of lines.</param>
    /// <exception cref="TemplateException">A tag, string or comment has no end, or a sign means nothing.</exception>
    public static List<TemplateToken> Read(string template, string source)
    {
        var lexer = new TemplateLexer(template, source);
        while (lexer.position < source.Length)
            lexer.ReadData();
        lexer.Add(TemplateTokenKind.End, "", source.Length);
        return lexer.tokens;
    }

    private void ReadData()
    {
        var tag = FindTag();
        if (tag < 0)
        {
            AddData(source[position..]);
            position = source.Length;
            return;
        }

        var kind = source[tag + 1];
        var sign = tag + 2 < source.Length && source[tag + 2] is '-' or '+' ? source[tag + 2] : ' ';
        AddData(Strip(source[position..tag], kind, sign));
        position = tag + 2 + (sign == ' ' ? 0 : 1);
        lineStarting = false;
        if (kind == '#')
            SkipComment(tag);
        else if (kind == '%' && TryReadRaw(tag))
            return;
        else
            ReadTag(kind, tag);
    }

    // The earliest of the three; a brace alone is text.
    private int FindTag()
    {
        for (var at = position; ; at++)
        {
            at = source.IndexOf('{', at);
            if (at < 0 || at + 1 >= source.Length)
                return -1;
            if (source[at + 1] is '{' or '%' or '#')
                return at;
        }
    }

    private string Strip(string text, char kind, char sign)
    {
        if (sign == '-')
            return PythonText.TrimEnd(text);
        if (sign == '+' || kind == '{')
            return text;
        var line = text.LastIndexOf('\n') + 1;
        return (line > 0 || lineStarting) && PythonText.IsSpace(text.AsSpan(line)) ? text[..line] : text;
    }

    private void SkipComment(int tag)
    {
        var end = source.IndexOf("#}", position, StringComparison.Ordinal);
        if (end < 0)
            throw Wrong(tag, "a comment '{#' has no end '#}'");
        var sign = end > position ? source[end - 1] : ' ';
        position = end + 2;
        SkipBehind(sign, takesNewline: sign != '+');
    }

    private bool TryReadRaw(int tag)
    {
        var at = SkipSpace(position);
        if (!source.AsSpan(at).StartsWith("raw", StringComparison.Ordinal))
            return false;
        at = SkipSpace(at + 3);
        var sign = at < source.Length && source[at] == '-' ? '-' : ' ';
        if (!source.AsSpan(sign == '-' ? at + 1 : at).StartsWith("%}", StringComparison.Ordinal))
            return false;
        position = at + (sign == '-' ? 3 : 2);
        SkipBehind(sign, takesNewline: false);
        for (var end = position; ; end += 2)
        {
            end = source.IndexOf("{%", end, StringComparison.Ordinal);
            if (end < 0)
                throw Wrong(tag, "'raw' has no 'endraw'");
            var before = end + 2 < source.Length && source[end + 2] is '-' or '+' ? source[end + 2] : ' ';
            var word = SkipSpace(end + (before == ' ' ? 2 : 3));
            if (!source.AsSpan(word).StartsWith("endraw", StringComparison.Ordinal))
                continue;
            var behind = SkipSpace(word + 6);
            var after = behind < source.Length && source[behind] is '-' or '+' ? source[behind] : ' ';
            if (!source.AsSpan(after == ' ' ? behind : behind + 1).StartsWith("%}", StringComparison.Ordinal))
                continue;
            AddData(Strip(source[position..end], '%', before));
            position = behind + (after == ' ' ? 2 : 3);
            SkipBehind(after, takesNewline: after != '+');
            return true;
        }
    }

    private void ReadTag(char kind, int tag)
    {
        var isBlock = kind == '%';
        Add(isBlock ? TemplateTokenKind.BlockBegin : TemplateTokenKind.VariableBegin, isBlock ? "{%" : "{{", tag);
        var open = new Stack<char>();
        while (true)
        {
            position = SkipSpace(position);
            if (position >= source.Length)
                throw Wrong(tag, isBlock ? "a tag '{%' has no end '%}'" : "a tag '{{' has no end '}}'");
            if (open.Count == 0 && TryReadEnd(isBlock))
                return;
            ReadToken(open);
        }
    }

    private bool TryReadEnd(bool isBlock)
    {
        var close = isBlock ? "%}" : "}}";
        var sign = source[position] == '-' || (isBlock && source[position] == '+') ? source[position] : ' ';
        var at = sign == ' ' ? position : position + 1;
        if (!source.AsSpan(at).StartsWith(close, StringComparison.Ordinal))
            return false;
        Add(isBlock ? TemplateTokenKind.BlockEnd : TemplateTokenKind.VariableEnd, close, position);
        position = at + 2;
        SkipBehind(sign, takesNewline: isBlock && sign == ' ');
        return true;
    }

    private void ReadToken(Stack<char> open)
    {
        var first = source[position];
        if (char.IsAsciiDigit(first))
            ReadNumber();
        else if (char.IsLetter(first) || first == '_')
            ReadName();
        else if (first is '\'' or '"')
            ReadString(first);
        else
            ReadOperator(open);
    }

    private void ReadName()
    {
        var end = position + 1;
        while (end < source.Length && (char.IsLetterOrDigit(source[end]) || source[end] == '_'))
            end++;
        Add(TemplateTokenKind.Name, source[position..end], position);
        position = end;
    }

    private void ReadNumber()
    {
        var end = Digits(position);
        var isFloat = false;
        // In items.0.5 there are two numbers, and no fraction.
        if (position == 0 || source[position - 1] != '.')
        {
            if (end + 1 < source.Length && source[end] == '.' && char.IsAsciiDigit(source[end + 1]))
                (end, isFloat) = (Digits(end + 1), true);
            if (end < source.Length && source[end] is 'e' or 'E')
            {
                var exponent = end + 1 < source.Length && source[end + 1] is '+' or '-' ? end + 2 : end + 1;
                if (exponent < source.Length && char.IsAsciiDigit(source[exponent]))
                    (end, isFloat) = (Digits(exponent), true);
            }
        }

        if (end < source.Length && (char.IsLetter(source[end]) || source[end] == '_'))
            throw Wrong(position, $"'{source[position..(end + 1)]}' is no number that is read here");
        var digits = source[position..end].Replace("_", "", StringComparison.Ordinal);
        Add(isFloat ? TemplateTokenKind.Float : TemplateTokenKind.Integer, digits, position);
        position = end;
    }

    private int Digits(int at)
    {
        while (
            at < source.Length
            && (char.IsAsciiDigit(source[at]) || (source[at] == '_' && at + 1 < source.Length && char.IsAsciiDigit(source[at + 1])))
        )
            at++;
        return at;
    }

    private void ReadString(char quote)
    {
        var end = position + 1;
        while (end < source.Length && source[end] != quote)
            end += source[end] == '\\' ? 2 : 1;
        if (end >= source.Length)
            throw Wrong(position, "a string has no closing quote");
        var text = StringLiteral.Read(source.AsSpan((position + 1)..end));
        Add(
            TemplateTokenKind.String,
            text ?? throw Wrong(position, "a string has an escape that is not read, such as \\N{…}, or a wrong one"),
            position
        );
        position = end + 1;
    }

    private void ReadOperator(Stack<char> open)
    {
        var pair = Array.Find(Pairs, pair => source.AsSpan(position).StartsWith(pair, StringComparison.Ordinal));
        var text = pair ?? (Singles.Contains(source[position], StringComparison.Ordinal) ? source[position..(position + 1)] : null);
        if (text is null)
            throw Wrong(position, $"'{source[position]}' means nothing here");
        if (text is "(" or "[" or "{")
            open.Push(text[0] == '(' ? ')' : (char)(text[0] + 2));
        else if (text is ")" or "]" or "}" && (!open.TryPop(out var expected) || expected != text[0]))
            throw Wrong(position, $"there is a '{text}' without its opening one");
        Add(TemplateTokenKind.Operator, text, position);
        position += text.Length;
    }

    private void SkipBehind(char sign, bool takesNewline)
    {
        if (sign == '-')
            position = SkipSpace(position);
        else if (takesNewline && position < source.Length && source[position] == '\n')
            position++;
        lineStarting = source[position - 1] == '\n';
    }

    private int SkipSpace(int at)
    {
        while (at < source.Length && PythonText.IsSpace(source[at]))
            at++;
        return at;
    }

    private void AddData(string text)
    {
        if (text.Length > 0)
            Add(TemplateTokenKind.Data, text, position);
    }

    private void Add(TemplateTokenKind kind, string text, int offset) => tokens.Add(new TemplateToken(kind, text, offset));

    private TemplateException Wrong(int offset, string what) => new(template, source, offset, what);
}
