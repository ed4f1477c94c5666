using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>
/// The part of a class whose declaration has errors: it implements what the declaration and its users need to compile, so that the
/// errors stand alone and not among the compiler's complaints about missing parts.
/// </summary>
/// <param name="baseClass">The library's class that the generated part derives from.</param>
/// <param name="incomplete">What it is that does not compile where no rule finds an error.</param>
internal abstract class StubSource(string baseClass, string incomplete)
{
    /// <param name="declaration">The declaration.</param>
    /// <param name="errors">The ids of its errors.</param>
    /// <param name="isClassSound">Whether the class itself is in order, so that its part can have a base class and a constructor.</param>
    public string Write(IDeclaration declaration, EquatableArray<string> errors, bool isClassSound)
    {
        var type = declaration.Type;
        var reason =
            errors.Count > 0 ? $"declared with errors ({string.Join(", ", errors)})" : $"declared with {incomplete} that do not compile";
        // Without the namespace there is no exception to name.
        var failure = type.HiddenNamespace is null
            ? $"throw new global::System.InvalidOperationException({Literals.Of($"{type.Name} is {reason}.")})"
            : "throw null!";
        return isClassSound
            ? TypeFrame.Write(type, $" : Models::{baseClass}", Comment, Members)
            : TypeFrame.WriteBare(type, Comment, Members);

        void Comment(SourceWriter writer) => writer.Write($"// {type.Name} is {reason}: this part only keeps the declaration compiling.");

        void Members(SourceWriter writer)
        {
            foreach (var property in declaration.Properties.Where(property => property is { IsPartial: true, CanBeWritten: true }))
                WriteProperty(writer, property, failure);
            WriteHook(writer, type, isClassSound);
            if (!isClassSound)
                return;
            WriteConstructor(writer, type, failure);
            WriteMethods(writer, failure);
        }
    }

    /// <summary>What its constructor passes to that of the base class, before the options.</summary>
    protected abstract string Arguments(TypeShape type);

    /// <summary>The partial method that a user may have written, if the generated part declares one.</summary>
    protected virtual void WriteHook(SourceWriter writer, TypeShape type, bool isClassSound) { }

    /// <summary>The methods that the base class leaves open.</summary>
    protected virtual void WriteMethods(SourceWriter writer, string failure) { }

    private static void WriteProperty(SourceWriter writer, PropertyShape property, string failure)
    {
        using (writer.Block($"{property.Modifiers} {property.Type} {Literals.Identifier(property.Name)}"))
        {
            foreach (var accessor in property.Accessors)
                writer.Write($"{accessor} => {failure};");
        }

        writer.Line();
    }

    private void WriteConstructor(SourceWriter writer, TypeShape type, string failure) =>
        writer.Write(
            $"""
            /// <summary>Throws: the declaration has errors.</summary>
            /// <param name="options">Not used.</param>
            public {Literals.Identifier(type.Name)}(Layers::ModelOptions? options = null)
                : base({Arguments(type)}, options ??= new Layers::ModelOptions()) => {failure};
            """
        );
}
