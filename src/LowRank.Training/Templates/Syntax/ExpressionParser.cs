using System.Globalization;
using System.Runtime.CompilerServices;
using LowRank.Training.Json;
using LowRank.Training.Templates.Filters;

namespace LowRank.Training.Templates.Syntax;

/// <summary>Reads expressions, with the precedence that they have in Jinja.</summary>
internal sealed class ExpressionParser(TokenReader tokens)
{
    private static readonly string[] Comparisons = ["==", "!=", "<", "<=", ">", ">="];

    /// <summary>An expression; with a condition behind it where <paramref name="withCondition"/> says so.</summary>
    public Expression Read(bool withCondition = true)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return withCondition ? ReadConditional() : ReadOr();
    }

    /// <summary>An expression, or several with commas between, which are a tuple.</summary>
    public Expression ReadTuple(bool withCondition = true, bool inBrackets = false)
    {
        var offset = tokens.Current.Offset;
        var items = new List<Expression>();
        var isTuple = false;
        while (true)
        {
            if (items.Count > 0 && !tokens.TrySkip(","))
                break;
            isTuple |= items.Count > 0;
            if (IsTupleEnd())
                break;
            items.Add(Read(withCondition));
        }

        if (!isTuple && items.Count == 1)
            return items[0];
        if (items.Count == 0 && !inBrackets)
            throw tokens.Wrong(tokens.Current, $"a value is expected, and {ShownText.Of(tokens.Current.Shown)} is there");
        return new ListExpression(offset, items, isTuple: true);
    }

    private bool IsTupleEnd() =>
        tokens.Current.Kind is TemplateTokenKind.VariableEnd or TemplateTokenKind.BlockEnd
        || tokens.Current.Is(")")
        || tokens.Current.IsName("recursive");

    private Expression ReadConditional()
    {
        var value = ReadOr();
        while (tokens.Current.IsName("if"))
        {
            var offset = tokens.Take().Offset;
            var condition = ReadOr();
            var other = tokens.TrySkipName("else") ? Read() : null;
            value = new ConditionalExpression(offset, condition, value, other);
        }

        return value;
    }

    private Expression ReadOr()
    {
        var left = ReadAnd();
        while (tokens.Current.IsName("or"))
        {
            var offset = tokens.Take().Offset;
            left = new LogicExpression(offset, isAnd: false, left, ReadAnd());
        }

        return left;
    }

    private Expression ReadAnd()
    {
        var left = ReadNot();
        while (tokens.Current.IsName("and"))
        {
            var offset = tokens.Take().Offset;
            left = new LogicExpression(offset, isAnd: true, left, ReadNot());
        }

        return left;
    }

    private Expression ReadNot()
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (!tokens.Current.IsName("not"))
            return ReadComparison();
        var offset = tokens.Take().Offset;
        return new NotExpression(offset, ReadNot());
    }

    private Expression ReadComparison()
    {
        var offset = tokens.Current.Offset;
        var first = ReadSum();
        var others = new List<(string, Expression)>();
        while (true)
        {
            offset = others.Count == 0 ? tokens.Current.Offset : offset;
            if (Array.Find(Comparisons, tokens.Current.Is) is { } sign)
                tokens.Take();
            else if (tokens.TrySkipName("in"))
                sign = "in";
            else if (tokens.Current.IsName("not") && tokens.Following.IsName("in"))
            {
                tokens.Take();
                tokens.Take();
                sign = "not in";
            }
            else
                return others.Count == 0 ? first : new CompareExpression(offset, first, others);

            others.Add((sign, ReadSum()));
        }
    }

    private Expression ReadSum() => ReadSigns(ReadConcatenation, "+", "-");

    private Expression ReadConcatenation() => ReadSigns(ReadProduct, "~");

    private Expression ReadProduct() => ReadSigns(ReadPower, "*", "/", "//", "%");

    private Expression ReadPower() => ReadSigns(() => ReadUnary(), "**");

    private Expression ReadSigns(Func<Expression> read, params string[] signs)
    {
        var left = read();
        while (Array.Find(signs, tokens.Current.Is) is { } sign)
        {
            var offset = tokens.Take().Offset;
            left = new BinaryExpression(offset, sign, left, read());
        }

        return left;
    }

    private Expression ReadUnary(bool withFilters = true)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var sign = tokens.Current;
        Expression value;
        if (sign.Is("-") || sign.Is("+"))
        {
            tokens.Take();
            value = new SignExpression(sign.Offset, ReadUnary(withFilters: false), sign.Is("-"));
        }
        else
            value = ReadPrimary();

        value = ReadPostfix(value);
        return withFilters ? ReadFilters(value) : value;
    }

    private Expression ReadPrimary()
    {
        var token = tokens.Take();
        switch (token.Kind)
        {
            case TemplateTokenKind.Name:
                return token.Text switch
                {
                    "true" or "True" => new Constant(token.Offset, true),
                    "false" or "False" => new Constant(token.Offset, false),
                    "none" or "None" => new Constant(token.Offset, null),
                    var name => new NameExpression(token.Offset, name),
                };
            case TemplateTokenKind.String:
                var text = token.Text;
                while (tokens.Current.Kind == TemplateTokenKind.String)
                    text += tokens.Take().Text;
                return new Constant(token.Offset, text);
            case TemplateTokenKind.Integer:
                return long.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole)
                    ? new Constant(token.Offset, whole)
                    : throw tokens.Wrong(token, "a number is beyond 64 bits");
            case TemplateTokenKind.Float:
                return new Constant(token.Offset, double.Parse(token.Text, NumberStyles.Float, CultureInfo.InvariantCulture));
        }

        if (token.Is("("))
        {
            var inner = ReadTuple(inBrackets: true);
            tokens.Expect(")");
            return inner;
        }

        if (token.Is("["))
            return new ListExpression(token.Offset, ReadItems("]", () => Read()), isTuple: false);
        if (token.Is("{"))
            return new MapExpression(token.Offset, ReadItems("}", ReadEntry));
        throw tokens.Wrong(token, $"a value is expected, and {ShownText.Of(token.Shown)} is there");
    }

    private (Expression, Expression) ReadEntry()
    {
        var key = Read();
        tokens.Expect(":");
        return (key, Read());
    }

    private List<T> ReadItems<T>(string close, Func<T> read)
    {
        var items = new List<T>();
        while (!tokens.Current.Is(close))
        {
            if (items.Count > 0)
                tokens.Expect(",");
            if (tokens.Current.Is(close))
                break;
            items.Add(read());
        }

        tokens.Expect(close);
        return items;
    }

    private Expression ReadPostfix(Expression value)
    {
        while (true)
        {
            var token = tokens.Current;
            if (token.Is("."))
                value = ReadAttribute(value);
            else if (token.Is("["))
                value = ReadSubscript(value);
            else if (token.Is("("))
                value = new CallExpression(token.Offset, value, ReadArguments());
            else
                return value;
        }
    }

    private Expression ReadAttribute(Expression value)
    {
        tokens.Take();
        var token = tokens.Take();
        return token.Kind switch
        {
            TemplateTokenKind.Name => new MemberExpression(token.Offset, value, token.Text),
            TemplateTokenKind.Integer when long.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) =>
                new ItemExpression(token.Offset, value, new Constant(token.Offset, index)),
            _ => throw tokens.Wrong(token, $"a name is expected behind '.', and {ShownText.Of(token.Shown)} is there"),
        };
    }

    private Expression ReadSubscript(Expression value)
    {
        var open = tokens.Take();
        Expression? start = null;
        if (!tokens.Current.Is(":"))
        {
            start = Read();
            if (tokens.Current.Is(","))
                throw tokens.Wrong(tokens.Current, "several keys in one pair of brackets are not supported");
            if (tokens.TrySkip("]"))
                return new ItemExpression(open.Offset, value, start);
        }

        tokens.Expect(":");
        var stop = IsBoundAbsent() ? null : Read();
        var step = tokens.TrySkip(":") && !IsBoundAbsent() ? Read() : null;
        tokens.Expect("]");
        return new SliceExpression(open.Offset, value, start, stop, step);
    }

    private bool IsBoundAbsent() => tokens.Current.Is(":") || tokens.Current.Is("]");

    /// <summary>Filters, tests and calls behind a value.</summary>
    public Expression ReadFilters(Expression value)
    {
        while (true)
        {
            var token = tokens.Current;
            if (token.Is("|"))
            {
                tokens.Take();
                value = ReadFilter(value);
            }
            else if (token.IsName("is"))
                value = ReadTest(value);
            else if (token.Is("("))
                value = new CallExpression(token.Offset, value, ReadArguments());
            else
                return value;
        }
    }

    /// <summary>A filter by its name, behind <c>|</c> or <c>filter</c>.</summary>
    public Expression ReadFilter(Expression value)
    {
        var (name, offset) = ReadDotted();
        if (FilterTable.Find(name) is null)
            throw tokens.Wrong(new TemplateToken(TemplateTokenKind.Name, name, offset), $"the filter '{name}' is not supported");
        return new FilterExpression(offset, value, name, tokens.Current.Is("(") ? ReadArguments() : CallArguments.None);
    }

    private Expression ReadTest(Expression value)
    {
        tokens.Take();
        var isNegated = tokens.TrySkipName("not");
        var (name, offset) = ReadDotted();
        if (TestTable.Find(name) is null)
            throw tokens.Wrong(new TemplateToken(TemplateTokenKind.Name, name, offset), $"the test '{name}' is not supported");
        var arguments = CallArguments.None;
        if (tokens.Current.Is("("))
            arguments = ReadArguments();
        else if (BeginsValue())
        {
            if (tokens.Current.IsName("is"))
                throw tokens.Wrong(tokens.Current, "a test can't follow a test");
            arguments = new CallArguments([ReadPostfix(ReadPrimary())], []);
        }

        Expression test = new TestExpression(offset, value, name, arguments);
        return isNegated ? new NotExpression(offset, test) : test;
    }

    private bool BeginsValue()
    {
        var token = tokens.Current;
        return token.Kind switch
        {
            TemplateTokenKind.Name => token.Text is not ("else" or "or" or "and"),
            TemplateTokenKind.String or TemplateTokenKind.Integer or TemplateTokenKind.Float => true,
            _ => token.Is("[") || token.Is("{"),
        };
    }

    private (string Name, int Offset) ReadDotted()
    {
        var token = tokens.ExpectName();
        var name = token.Text;
        while (tokens.TrySkip("."))
            name += "." + tokens.ExpectName().Text;
        return (name, token.Offset);
    }

    /// <summary>What a call is given, in its brackets.</summary>
    public CallArguments ReadArguments()
    {
        tokens.Expect("(");
        var positional = new List<Expression>();
        var named = new List<(string, Expression)>();
        Expression? spread = null;
        Expression? spreadNamed = null;
        for (var isFirst = true; !tokens.Current.Is(")"); isFirst = false)
        {
            if (!isFirst)
                tokens.Expect(",");
            if (tokens.Current.Is(")"))
                break;
            if (spreadNamed is not null)
                throw tokens.Wrong(tokens.Current, "something stands behind a dictionary with '**'");
            if (spread is null && tokens.TrySkip("*"))
                spread = Read();
            else if (tokens.TrySkip("**"))
                spreadNamed = Read();
            else if (tokens.Current.Kind == TemplateTokenKind.Name && tokens.Following.Is("="))
            {
                var name = tokens.Take().Text;
                tokens.Take();
                named.Add((name, Read()));
            }
            else if (named.Count > 0 || spread is not null)
                throw tokens.Wrong(tokens.Current, "a value by position stands behind one by name, or behind a list with '*'");
            else
                positional.Add(Read());
        }

        tokens.Expect(")");
        return new CallArguments(positional, named) { Spread = spread, SpreadNamed = spreadNamed };
    }
}
