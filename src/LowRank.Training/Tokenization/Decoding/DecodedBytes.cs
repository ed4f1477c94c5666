using System.Buffers;

namespace LowRank.Training.Tokenization.Decoding;

/// <summary>The end of all steps: collects what they write.</summary>
internal sealed class DecodedBytes : DecoderStep
{
    private readonly ArrayBufferWriter<byte> bytes = new();

    public ReadOnlySpan<byte> Written => bytes.WrittenSpan;

    public override void Take(ReadOnlySpan<byte> token) => bytes.Write(token);

    public override void Complete() { }

    public void Clear() => bytes.ResetWrittenCount();
}
