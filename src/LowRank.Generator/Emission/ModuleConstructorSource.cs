using LowRank.Generator.Costs;
using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>The constructor of a module: builds the layers, registers them by name, and draws their weights.</summary>
internal static class ModuleConstructorSource
{
    public static void Write(SourceWriter writer, CostedModule costed)
    {
        var (type, body) = (costed.Declaration.Type, costed.Declaration.Body);
        writer.Write(
            $"""
            /// <summary>Builds the module and draws its weights.</summary>
            /// <param name="options">Device, types, seed, and whether the guides exist; null for the defaults.</param>
            public {Literals.Identifier(type.Name)}(Layers::ModelOptions? options = null)
                : base({Literals.Of(type.Name)}, options ??= new Layers::ModelOptions())
            """
        );
        using (writer.Block())
        {
            foreach (var member in body.Members)
                WriteMember(writer, member, body);
            writer.Line();
            foreach (var lowRank in body.LowRanks.Where(lowRank => lowRank.HasGuide))
                WriteGuide(writer, lowRank, body);
            if (body.Members.Any(member => member.Kind == MemberKind.Part))
                writer.Write($"base.AddParts([{List(body.Members.Where(member => member.Kind == MemberKind.Part))}]);");
            writer.Write("OnCreated(options);");
            writer.Write("if (options.Initialize)\n    Layers::InitialWeights.Draw(this, options.Seed);");
            if (body.HasAdapters)
                writer.Write("if (options.Adapters)\n    base.FreezeAllButAdapters();");
        }
    }

    private static void WriteMember(SourceWriter writer, ModuleMember member, ModuleBody body)
    {
        var (name, key) = ("this." + Literals.Identifier(member.Name), Literals.Of(Identifiers.Snake(member.Name)));
        if (!member.IsList)
        {
            writer.Write($"{name} = {New(member, body)};\nbase.register_module({key}, {name});");
            return;
        }

        using (writer.Block())
        {
            writer.Write(
                $$"""
                var layers = new Torch::Modules.ModuleList<{{member.ElementType}}>();
                for (var index = 0; index < {{Literals.Of(member.Copies)}}; index++)
                    layers.Add({{New(member, body)}});
                base.register_module({{key}}, layers);
                {{name}} = [.. layers];
                """
            );
        }
    }

    private static string New(ModuleMember member, ModuleBody body) =>
        member.Kind switch
        {
            MemberKind.Linear => LinearSource.NewUnlisted(body.LinearOf(member)),
            MemberKind.Embedding => $"new Layers::Embedding({Literals.Of(member.Inputs)}, {Literals.Of(member.Outputs)}, options)",
            MemberKind.Normalization => member.ElementType == ModuleMember.LayerNormType
                ? $"new Layers::LayerNorm({Literals.Of(member.Inputs)}, {Literals.Of(member.Epsilon)}, bias: {Literals.Of(member.HasBias)}, options)"
                : $"new Layers::RmsNorm({Literals.Of(member.Inputs)}, {Literals.Of(member.Epsilon)}, options)",
            // The whole draws the weights of its parts, under their full names.
            _ => $"new {member.ElementType}(options with {{ Initialize = false }})",
        };

    private static void WriteGuide(SourceWriter writer, LowRankOptions lowRank, ModuleBody body)
    {
        var members = body.Linears.Where(pair => lowRank.Equals(pair.Linear.LowRank)).Select(pair => pair.Member);
        writer.Write(
            $"base.AddGuide(phaseOut: {Literals.Of(lowRank.PhaseOut)}, {Literals.Of(lowRank.Guide)}, {Literals.Of(lowRank.Schedule)}, [{List(members)}]);"
        );
    }

    private static string List(IEnumerable<ModuleMember> members) =>
        string.Join(", ", members.Select(member => (member.IsList ? ".. " : "") + "this." + Literals.Identifier(member.Name)));
}
