namespace LowRank.Training.Templates.Syntax;

/// <summary><c>macro name(…)</c>.</summary>
internal sealed class MacroStatement(int offset, MacroBody macro) : Statement(offset)
{
    protected override Flow Do(Rendering rendering)
    {
        rendering.Names.Set(macro.Name, macro.Bind(rendering));
        return Flow.Next;
    }
}
