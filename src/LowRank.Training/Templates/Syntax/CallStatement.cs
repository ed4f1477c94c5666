namespace LowRank.Training.Templates.Syntax;

/// <summary><c>call macro(…)</c>, whose body the macro writes where it says <c>caller()</c>.</summary>
internal sealed class CallStatement(int offset, CallExpression call, MacroBody body) : Statement(offset)
{
    protected override Flow Do(Rendering rendering)
    {
        rendering.Write(PythonText.Of(call.Call(rendering, body.Bind(rendering))));
        return Flow.Next;
    }
}
