namespace LowRank.Runtime.Tests.Cuda;

/// <summary>A mistake in a kernel's text.</summary>
/// <param name="File">The text.</param>
/// <param name="Right">What is replaced.</param>
/// <param name="Wrong">By what.</param>
/// <param name="Case">Who must notice.</param>
internal sealed record PlantedError(string File, string Right, string Wrong, KernelCase Case)
{
    public override string ToString() => $"{File}: {Right} => {Wrong}";
}
