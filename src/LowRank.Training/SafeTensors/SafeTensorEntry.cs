namespace LowRank.Training.SafeTensors;

/// <summary>A tensor in a safetensors file.</summary>
/// <param name="Type">The format's name of its type, such as <c>F32</c>.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Offset">Its first byte in the file.</param>
/// <param name="Bytes">Its size in bytes.</param>
internal sealed record SafeTensorEntry(string Type, long[] Shape, long Offset, long Bytes);
