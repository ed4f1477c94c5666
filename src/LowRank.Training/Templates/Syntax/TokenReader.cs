using LowRank.Training.Json;

namespace LowRank.Training.Templates.Syntax;

/// <summary>The tokens of a template, one after the other.</summary>
internal sealed class TokenReader(string template, string source)
{
    private readonly List<TemplateToken> tokens = TemplateLexer.Read(template, source);
    private int position;

    /// <summary>The one that is read next.</summary>
    public TemplateToken Current => tokens[position];

    /// <summary>The one behind it.</summary>
    public TemplateToken Following => tokens[Math.Min(position + 1, tokens.Count - 1)];

    /// <summary>Takes it.</summary>
    public TemplateToken Take()
    {
        var token = Current;
        if (position < tokens.Count - 1)
            position++;
        return token;
    }

    /// <summary>Takes an operator, if it is the next token.</summary>
    public bool TrySkip(string sign)
    {
        if (!Current.Is(sign))
            return false;
        Take();
        return true;
    }

    /// <summary>Takes a word, if it is the next token.</summary>
    public bool TrySkipName(string name)
    {
        if (!Current.IsName(name))
            return false;
        Take();
        return true;
    }

    /// <summary>Takes an operator.</summary>
    /// <exception cref="TemplateException">Something else is there.</exception>
    public void Expect(string sign)
    {
        if (!TrySkip(sign))
            throw Wrong(Current, $"'{sign}' is expected, and {ShownText.Of(Current.Shown)} is there");
    }

    /// <summary>Takes a word.</summary>
    /// <exception cref="TemplateException">Something else is there.</exception>
    public void ExpectName(string name)
    {
        if (!TrySkipName(name))
            throw Wrong(Current, $"'{name}' is expected, and {ShownText.Of(Current.Shown)} is there");
    }

    /// <summary>Takes any word.</summary>
    /// <exception cref="TemplateException">Something else is there.</exception>
    public TemplateToken ExpectName() =>
        Current.Kind == TemplateTokenKind.Name
            ? Take()
            : throw Wrong(Current, $"a name is expected, and {ShownText.Of(Current.Shown)} is there");

    /// <summary>Takes a token of a kind.</summary>
    /// <exception cref="TemplateException">Something else is there.</exception>
    public void Expect(TemplateTokenKind kind, string what)
    {
        if (Current.Kind != kind)
            throw Wrong(Current, $"{what} is expected, and {ShownText.Of(Current.Shown)} is there");
        Take();
    }

    /// <summary>What is said of a token that can't be where it is.</summary>
    public TemplateException Wrong(TemplateToken token, string what) => new(template, source, token.Offset, what);
}
