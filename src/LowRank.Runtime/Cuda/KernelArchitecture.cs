namespace LowRank.Cuda;

/// <summary>What kernels are compiled for.</summary>
/// <param name="Capability">A compute capability.</param>
/// <param name="IsVirtual">PTX, which the driver compiles for newer cards; otherwise machine code for cards of just this one.</param>
internal readonly record struct KernelArchitecture(CudaVersion Capability, bool IsVirtual)
{
    /// <summary>The compiler's name for it, <c>sm_90</c> or <c>compute_90</c>.</summary>
    public string Name => $"{(IsVirtual ? "compute" : "sm")}_{Capability.Major}{Capability.Minor}";

    /// <summary>
    /// The card's own, whose machine code any driver takes that knows the card; where the compiler is older than the card, PTX of the
    /// newest one that the compiler knows.
    /// </summary>
    /// <exception cref="NotSupportedException">The compiler no longer knows cards this old.</exception>
    public static KernelArchitecture Of(Nvrtc nvrtc, CudaVersion card)
    {
        if (nvrtc.Architectures.Contains(card))
            return new(card, IsVirtual: false);
        var older = nvrtc.Architectures.Where(capability => capability < card).ToList();
        return older.Count > 0
            ? new(older.Max(), IsVirtual: true)
            : throw new NotSupportedException($"NVRTC {nvrtc.Version} ({nvrtc.Name}) no longer compiles for compute capability {card}");
    }
}
