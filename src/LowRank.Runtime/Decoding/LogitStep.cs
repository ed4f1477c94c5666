using LowRank.Kernels;

namespace LowRank.Decoding;

/// <summary>Scales and caps the logits.</summary>
internal sealed unsafe class LogitStep(LogitForm form) : DecodingStep
{
    public override void Run(DecodingBatch batch)
    {
        var count = batch.Buffers.Width(Slot.Logits);
        for (var row = 0; row < batch.Count; row++)
        {
            var logits = batch.Buffers.Row(Slot.Logits, row);
            if (form.SoftCap is { } cap)
                SoftCapKernel.Cap<Float32Element>((byte*)logits, count, (float)form.Scale, (float)cap);
            else
                Scale(new(logits, checked((int)count)), (float)form.Scale);
        }
    }

    private static void Scale(Span<float> logits, float factor)
    {
        for (var i = 0; i < logits.Length; i++)
            logits[i] *= factor;
    }
}
