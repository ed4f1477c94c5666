namespace LowRank.Generator.Tests.Fuzzing;

/// <summary>A case before it is written down: what mutations change.</summary>
internal sealed class Sketch(string ns)
{
    /// <summary>Lines at the top of every file.</summary>
    public List<string> Usings { get; } = ["using LowRank;", "using LowRank.Layers;", "using System.Collections.Generic;"];

    /// <summary>Attributes of the assembly, in the first file.</summary>
    public List<AttributeSketch> AssemblyAttributes { get; } = [];

    public string Namespace { get; set; } = ns;

    /// <summary>Whether the namespace has braces, within which the usings stand.</summary>
    public bool HasBraces { get; set; }

    public List<ClassSketch> Classes { get; } = [];

    /// <summary>Whether what is declared can be seen from outside the case's own namespace.</summary>
    public bool IsAlone { get; set; }

    /// <summary>Number of files over which the classes are dealt.</summary>
    public int Files { get; set; } = 1;

    public IEnumerable<PropertySketch> Properties => Classes.SelectMany(type => type.Properties);

    /// <summary>Every list of attributes there is.</summary>
    public IEnumerable<List<AttributeSketch>> AttributeLists =>
        Classes.Select(type => type.Attributes).Concat(Properties.Select(property => property.Attributes)).Append(AssemblyAttributes);
}

/// <summary>A class, or one part of one.</summary>
internal sealed class ClassSketch(string name)
{
    public List<AttributeSketch> Attributes { get; } = [];

    public string Documentation { get; set; } = "";

    public string Modifiers { get; set; } = "public partial";

    public string Keyword { get; set; } = "class";

    public string Name { get; set; } = name;

    /// <summary>Type parameters, primary constructor, base list: what stands between the name and the brace.</summary>
    public string Rest { get; set; } = "";

    /// <summary>The headers of the types around it, outermost first.</summary>
    public List<string> Around { get; } = [];

    public List<PropertySketch> Properties { get; } = [];

    /// <summary>Further members, as written.</summary>
    public List<string> Members { get; } = [];
}

/// <summary>A property.</summary>
internal sealed class PropertySketch(string type, string name)
{
    public List<AttributeSketch> Attributes { get; } = [];

    public string Documentation { get; set; } = "";

    public string Modifiers { get; set; } = "public partial";

    public string Type { get; set; } = type;

    public string Name { get; set; } = name;

    public string Accessors { get; set; } = "{ get; }";
}

/// <summary>An attribute and its arguments.</summary>
internal sealed class AttributeSketch(string name)
{
    public string Name { get; set; } = name;

    public List<ArgumentSketch> Arguments { get; } = [];

    public AttributeSketch Copy()
    {
        var copy = new AttributeSketch(Name);
        copy.Arguments.AddRange(Arguments);
        return copy;
    }
}

/// <summary>An argument as written.</summary>
/// <param name="Label">Nothing, <c>name: </c> or <c>Name = </c>.</param>
/// <param name="Value">The expression.</param>
/// <param name="Kind">What it should be.</param>
internal sealed record ArgumentSketch(string Label, string Value, ValueKind Kind);
