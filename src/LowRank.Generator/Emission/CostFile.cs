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
                if (costed.Dense is not { } dense)
                    return;
                writer.Line();
                using (writer.Block("partial class Dense"))
                    CostSource.Write(writer, dense, name + ".Dense");
            }
        );
    }
}
