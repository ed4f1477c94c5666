namespace LowRank.Generator.Emission;

/// <summary>The method by which a layer's linear layers are replaced when a trained model is adapted or factored.</summary>
internal static class LinearHostSource
{
    /// <param name="writer">The writer.</param>
    /// <param name="linears">Registered name and property of each.</param>
    public static void Write(SourceWriter writer, params (string Name, string Property)[] linears)
    {
        writer.Line();
        writer.Write("/// <inheritdoc/>");
        using (writer.Block("public void Replace(string name, Layers::LinearLayer layer)"))
        {
            using (writer.Block("switch (name)"))
            {
                foreach (var (name, property) in linears)
                    writer.Write($"case \"{name}\": {property} = layer; break;");
                writer.Write("default: throw new global::System.ArgumentException($\"There is no linear layer '{name}'.\", nameof(name));");
            }

            writer.Line();
            writer.Write("register_module(name, null!);\nregister_module(name, layer);");
        }
    }
}
