using System.Runtime.CompilerServices;
using System.Text;

namespace LowRank.Training.Templates;

/// <summary>One rendering of a template: what was written, which names are set, where it is.</summary>
internal sealed class Rendering
{
    private readonly Stack<StringBuilder> captures = new();
    private readonly List<(int Start, int End)> generated = [];
    private StringBuilder output = new();

    /// <summary>Begins one.</summary>
    /// <param name="names">The names that a template finds set.</param>
    /// <param name="budget">How much it may do.</param>
    public Rendering(Scope names, Budget budget) => (Names, Budget) = (names, budget);

    /// <summary>How much it may still do.</summary>
    public Budget Budget { get; }

    /// <summary>The names that are set at this place.</summary>
    public Scope Names { get; private set; }

    /// <summary>Where in the template's text it is.</summary>
    public int At { get; set; }

    /// <summary>What was written so far.</summary>
    public string Text => output.ToString();

    /// <summary>The ranges of characters that generation blocks have written.</summary>
    public IReadOnlyList<(int Start, int End)> Generated => generated;

    /// <summary>Counts a step and notes where it is.</summary>
    public void Step(int offset)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        At = offset;
        Budget.Step();
    }

    /// <summary>Writes text.</summary>
    public void Write(string text)
    {
        if ((long)output.Length + text.Length > Budget.MostCharacters)
            throw Budget.TooLarge();
        output.Append(text);
    }

    /// <summary>Does something within a scope of its own.</summary>
    public T Within<T>(Scope scope, Func<T> action)
    {
        var before = Names;
        Names = scope;
        try
        {
            return action();
        }
        finally
        {
            Names = before;
        }
    }

    /// <summary>What an action writes, as a text.</summary>
    public string Capture(Action action)
    {
        captures.Push(output);
        output = new StringBuilder();
        try
        {
            action();
            Budget.Make(output.Length);
            return output.ToString();
        }
        finally
        {
            output = captures.Pop();
        }
    }

    /// <summary>Writes what a model is to learn to generate.</summary>
    /// <exception cref="TemplateFault">It isn't known where in the whole text that will be.</exception>
    public void Generate(Action action)
    {
        if (captures.Count > 0)
            throw new TemplateFault("a generation block stands within a macro, or a block that is not written at once");
        var start = output.Length;
        action();
        generated.Add((start, output.Length));
    }

    /// <summary>The value of a name.</summary>
    public object? Find(string name) => Names.TryGet(name, out var value) ? value : Globals.Find(name, this);
}
