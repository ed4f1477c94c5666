using System.Runtime.CompilerServices;
using LowRank.Training.Json;

namespace LowRank.Training.Templates.Syntax;

/// <summary>Reads the tags of a template.</summary>
internal sealed class TemplateParser
{
    private readonly TokenReader tokens;
    private readonly ExpressionParser expressions;
    private int loops;

    private TemplateParser(string template, string source)
    {
        tokens = new TokenReader(template, source);
        expressions = new ExpressionParser(tokens);
    }

    /// <summary>The statements of a template.</summary>
    /// <param name="template">What messages call it.</param>
    /// <param name="source">Its text.</param>
    /// <exception cref="TemplateException">It is no template, or has something that is not supported.</exception>
    public static IReadOnlyList<Statement> Read(string template, string source)
    {
        var parser = new TemplateParser(template, source);
        try
        {
            var statements = parser.ReadBody();
            return parser.tokens.Current.Kind == TemplateTokenKind.End ? statements : throw parser.Unknown(parser.tokens.Following);
        }
        catch (InsufficientExecutionStackException)
        {
            throw parser.tokens.Wrong(parser.tokens.Current, "expressions or tags are nested too deeply");
        }
    }

    // Up to one of the tags that end it, whose name is then the next token, or to the end of the template.
    private List<Statement> ReadBody(params ReadOnlySpan<string> ends)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var statements = new List<Statement>();
        while (true)
        {
            var token = tokens.Current;
            switch (token.Kind)
            {
                case TemplateTokenKind.Data:
                    tokens.Take();
                    statements.Add(new TextStatement(token.Offset, token.Text));
                    break;
                case TemplateTokenKind.VariableBegin:
                    tokens.Take();
                    statements.Add(new OutputStatement(token.Offset, expressions.ReadTuple()));
                    tokens.Expect(TemplateTokenKind.VariableEnd, "the end of the tag '}}'");
                    break;
                case TemplateTokenKind.BlockBegin:
                    if (tokens.Following.Kind == TemplateTokenKind.Name && ends.Contains(tokens.Following.Text))
                    {
                        tokens.Take();
                        return statements;
                    }

                    tokens.Take();
                    statements.Add(ReadTag());
                    tokens.Expect(TemplateTokenKind.BlockEnd, "the end of the tag '%}'");
                    break;
                default:
                    if (ends.Length > 0)
                        throw tokens.Wrong(token, $"'{ends[^1]}' is missing at the end of the template");
                    return statements;
            }
        }
    }

    private Statement ReadTag()
    {
        var token = tokens.ExpectName();
        return token.Text switch
        {
            "if" => ReadIf(token),
            "for" => ReadFor(token),
            "set" => ReadSet(token),
            "macro" => ReadMacro(token),
            "call" => ReadCall(token),
            "filter" => ReadFilterBlock(token),
            "with" => ReadWith(token),
            "generation" => new GenerationStatement(token.Offset, ReadBlock("endgeneration")),
            "break" => Leave(token, Flow.Break),
            "continue" => Leave(token, Flow.Continue),
            _ => throw Unknown(token),
        };
    }

    // A tag's body, and the tag that ends it but for its last sign.
    private List<Statement> ReadBlock(string end)
    {
        tokens.Expect(TemplateTokenKind.BlockEnd, "the end of the tag '%}'");
        var body = ReadBody(end);
        tokens.ExpectName(end);
        return body;
    }

    private LoopControl Leave(TemplateToken token, Flow flow) =>
        loops > 0 ? new LoopControl(token.Offset, flow) : throw tokens.Wrong(token, $"'{token.Text}' stands in no loop");

    private IfStatement ReadIf(TemplateToken token)
    {
        var branches = new List<(Expression, IReadOnlyList<Statement>)>();
        List<Statement> otherwise = [];
        while (true)
        {
            var condition = expressions.ReadTuple(withCondition: false);
            tokens.Expect(TemplateTokenKind.BlockEnd, "the end of the tag '%}'");
            branches.Add((condition, ReadBody("elif", "else", "endif")));
            if (tokens.TrySkipName("elif"))
                continue;
            if (tokens.TrySkipName("else"))
                otherwise = ReadBlock("endif");
            else
                tokens.ExpectName("endif");
            return new IfStatement(token.Offset, branches, otherwise);
        }
    }

    private ForStatement ReadFor(TemplateToken token)
    {
        var target = ReadTarget(withNamespace: false);
        tokens.ExpectName("in");
        var items = expressions.ReadTuple(withCondition: false);
        var condition = tokens.TrySkipName("if") ? expressions.Read() : null;
        if (tokens.Current.IsName("recursive"))
            throw tokens.Wrong(tokens.Current, "a 'recursive' loop is not supported");
        tokens.Expect(TemplateTokenKind.BlockEnd, "the end of the tag '%}'");
        loops++;
        var body = ReadBody("else", "endfor");
        loops--;
        List<Statement> otherwise = [];
        if (tokens.TrySkipName("else"))
            otherwise = ReadBlock("endfor");
        else
            tokens.ExpectName("endfor");
        return new ForStatement(token.Offset, target, items, condition, body, otherwise);
    }

    private Statement ReadSet(TemplateToken token)
    {
        var target = ReadTarget(withNamespace: true);
        if (tokens.TrySkip("="))
            return new SetStatement(token.Offset, target, expressions.ReadTuple());
        var filtered = tokens.TrySkip("|") ? ReadFilters() : null;
        return new BlockStatement(token.Offset, target, filtered, ReadBlock("endset"));
    }

    private BlockStatement ReadFilterBlock(TemplateToken token) => new(token.Offset, null, ReadFilters(), ReadBlock("endfilter"));

    private Expression ReadFilters()
    {
        var body = new NameExpression(tokens.Current.Offset, BlockStatement.Body);
        return expressions.ReadFilters(expressions.ReadFilter(body));
    }

    private MacroStatement ReadMacro(TemplateToken token)
    {
        var name = tokens.ExpectName().Text;
        var parameters = ReadParameters();
        return new MacroStatement(token.Offset, new MacroBody(name, parameters, ReadMacroBody("endmacro")));
    }

    private CallStatement ReadCall(TemplateToken token)
    {
        var parameters = tokens.Current.Is("(") ? ReadParameters() : [];
        var called = tokens.Current;
        return expressions.Read() is CallExpression call
            ? new CallStatement(token.Offset, call, new MacroBody("caller", parameters, ReadMacroBody("endcall")))
            : throw tokens.Wrong(called, "'call' takes the call of a macro");
    }

    // No loop around a macro is left from within it.
    private List<Statement> ReadMacroBody(string end)
    {
        var around = loops;
        loops = 0;
        var body = ReadBlock(end);
        loops = around;
        return body;
    }

    private List<(string, Expression?)> ReadParameters()
    {
        tokens.Expect("(");
        var parameters = new List<(string, Expression?)>();
        while (!tokens.Current.Is(")"))
        {
            if (parameters.Count > 0)
                tokens.Expect(",");
            var name = tokens.ExpectName().Text;
            parameters.Add((name, tokens.TrySkip("=") ? expressions.Read() : null));
        }

        tokens.Expect(")");
        return parameters;
    }

    private WithStatement ReadWith(TemplateToken token)
    {
        var names = new List<(Target, Expression)>();
        while (tokens.Current.Kind != TemplateTokenKind.BlockEnd)
        {
            if (names.Count > 0)
                tokens.Expect(",");
            var target = ReadTarget(withNamespace: false);
            tokens.Expect("=");
            names.Add((target, expressions.Read()));
        }

        return new WithStatement(token.Offset, names, ReadBlock("endwith"));
    }

    private Target ReadTarget(bool withNamespace)
    {
        var offset = tokens.Current.Offset;
        var parts = new List<Target>();
        var isTuple = false;
        do
        {
            if (parts.Count > 0 && tokens.Current.Kind != TemplateTokenKind.Name)
                break;
            parts.Add(ReadTargetPart(withNamespace));
            isTuple |= tokens.Current.Is(",");
        } while (tokens.TrySkip(","));
        return isTuple ? new Target(offset, null, null, parts) : parts[0];
    }

    private Target ReadTargetPart(bool withNamespace)
    {
        if (tokens.TrySkip("("))
        {
            var inner = ReadTarget(withNamespace);
            tokens.Expect(")");
            return inner;
        }

        var token = tokens.ExpectName();
        if (token.Text is "true" or "false" or "none" or "True" or "False" or "None")
            throw tokens.Wrong(token, $"'{token.Text}' is no name that can be set");
        var member = withNamespace && tokens.TrySkip(".") ? tokens.ExpectName().Text : null;
        return new Target(token.Offset, token.Text, member, []);
    }

    private TemplateException Unknown(TemplateToken token) =>
        tokens.Wrong(token, $"the tag '{ShownText.Of(token.Text)}' is unknown here, or not supported");
}
