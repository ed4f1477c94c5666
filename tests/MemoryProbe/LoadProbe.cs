using System.Globalization;
using LowRank.Layers;
using LowRank.Training.Loop;
using LowRank.Training.Pretrained;
using LowRank.Training.Runs;

namespace LowRank.MemoryProbe;

/// <summary>
/// Loads a Hugging Face checkpoint of a model: the bytes of its weights with the largest tensor of the file, and those by which the
/// resident memory grew.
/// </summary>
internal static class LoadProbe
{
    /// <summary>Measures.</summary>
    /// <param name="entry">The model.</param>
    /// <param name="stored">In what the checkpoint is.</param>
    /// <param name="held">In what the model is.</param>
    /// <returns>Both, as the probe prints them.</returns>
    public static string Measure(ModelEntry entry, WeightPrecision stored, WeightPrecision held)
    {
        var folder = Directory.CreateTempSubdirectory("load-probe-");
        try
        {
            var checkpoint = Path.Combine(folder.FullName, "hf");
            long parameters,
                largest;
            using (var model = entry.Create(new ModelOptions { Seed = 1 }))
            {
                ExportedModel.Write(model, checkpoint, new ExportOptions { Precision = stored });
                parameters = model.parameters().Sum(parameter => parameter.NumberOfElements);
                largest = model.parameters().Max(parameter => parameter.NumberOfElements);
            }

            // A first one loads libraries and compiles code.
            Load(() => { });
            MemoryWatch.ReturnUnusedMemory();
            var before = ResidentMemory.Current;
            Load(ResidentMemory.ResetPeak);
            var predicted = parameters * Bytes(held) + largest * Bytes(stored);
            return string.Create(CultureInfo.InvariantCulture, $"{predicted} {ResidentMemory.Peak - before}");

            void Load(Action atStart)
            {
                atStart();
                var options = new ModelOptions { DataType = held.ScalarType() };
                using var loaded = PretrainedModel.Load(entry, Variant.Dense, checkpoint, factoring: null, options);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static long Bytes(WeightPrecision precision) => precision == WeightPrecision.Fp32 ? 4 : 2;
}
