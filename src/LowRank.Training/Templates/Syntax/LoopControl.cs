namespace LowRank.Training.Templates.Syntax;

/// <summary><c>break</c> or <c>continue</c>.</summary>
internal sealed class LoopControl(int offset, Flow flow) : Statement(offset)
{
    protected override Flow Do(Rendering rendering) => flow;
}
