namespace LowRank.Training.Templates.Syntax;

/// <summary>What has a value.</summary>
/// <param name="offset">Where in the template's text it is.</param>
internal abstract class Expression(int offset)
{
    /// <summary>Where in the template's text it is.</summary>
    public int Offset => offset;

    /// <summary>Its value.</summary>
    public object? Evaluate(Rendering rendering)
    {
        rendering.Step(offset);
        var value = Compute(rendering);
        rendering.At = offset;
        return value;
    }

    /// <summary>Computes the value; once the parts are known, <see cref="Rendering.At"/> is set back to this one.</summary>
    protected abstract object? Compute(Rendering rendering);

    /// <summary>The value of a part, after which messages name this place again.</summary>
    protected object? Part(Expression part, Rendering rendering)
    {
        var value = part.Evaluate(rendering);
        rendering.At = offset;
        return value;
    }
}
