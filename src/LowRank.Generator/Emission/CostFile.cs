using LowRank.Generator.Costs;

namespace LowRank.Generator.Emission;

/// <summary>The file of a model's costs, which is looked up and not read.</summary>
internal static class CostFile
{
    public static string Write(CostedTransformer costed)
    {
        var name = costed.Model.Type.Name;
        return TypeFrame.WritePart(
            costed.Model.Type,
            writer =>
            {
                CostSource.Write(writer, costed, name);
                WriteNested("Dense", costed.Dense);
                WriteNested("FlopMatched", costed.FlopMatch?.Model);

                void WriteNested(string nested, CostedTransformer? dense)
                {
                    if (dense is null)
                        return;
                    writer.Line();
                    using (writer.Block($"partial class {nested}"))
                        CostSource.Write(writer, dense, $"{name}.{nested}");
                }
            }
        );
    }
}
