using System.Globalization;
using LowRank.Training.Templates.Values;

namespace LowRank.Training.Templates.Syntax;

/// <summary>The parameters and the body of a macro, or of what a call hands to one.</summary>
internal sealed record MacroBody(string Name, IReadOnlyList<(string Name, Expression? Default)> Parameters, IReadOnlyList<Statement> Body)
{
    /// <summary>As a function that sees the names around its definition.</summary>
    public TemplateFunction Bind(Rendering rendering)
    {
        var around = rendering.Names;
        return new TemplateFunction(Name, given => Call(given, around, rendering));
    }

    private string Call(Arguments given, Scope around, Rendering rendering)
    {
        if (given.Positional.Count > Parameters.Count)
            throw new TemplateFault(
                string.Create(CultureInfo.InvariantCulture, $"{Name} takes at most {Parameters.Count} values, not {given.Positional.Count}")
            );
        var scope = new Scope(around);
        scope.Set("caller", new Undefined("no caller is defined"));
        return rendering.Within(
            scope,
            () =>
            {
                SetParameters(given, scope, rendering);
                return rendering.Capture(() => Statement.RunAll(Body, rendering));
            }
        );
    }

    private void SetParameters(Arguments given, Scope scope, Rendering rendering)
    {
        for (var index = 0; index < Parameters.Count; index++)
        {
            var (name, absent) = Parameters[index];
            var isNamed = given.Named.TryGetValue(name, out var named);
            if (isNamed && index < given.Positional.Count)
                throw new TemplateFault($"{Name} is given '{name}' twice");
            scope.Set(
                name,
                index < given.Positional.Count ? given.Positional[index]
                    : isNamed ? named
                    : absent is null ? new Undefined($"the parameter '{name}' was not given")
                    : absent.Evaluate(rendering)
            );
        }

        foreach (var (name, value) in given.Named)
        {
            if (name == "caller")
                scope.Set(name, value);
            else if (Parameters.All(parameter => parameter.Name != name))
                throw new TemplateFault($"{Name} has no parameter '{name}'");
        }
    }
}
