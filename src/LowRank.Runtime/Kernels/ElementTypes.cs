using static TorchSharp.torch;

namespace LowRank.Kernels;

/// <summary>From types that are known while the program runs to kernels that are compiled for them.</summary>
internal static class ElementTypes
{
    /// <summary>Runs a kernel for the types of two tensors, each of 32-bit floats or bfloat16.</summary>
    public static void Run<TKernel>(in TKernel kernel, ScalarType first, ScalarType second)
        where TKernel : IElementPairKernel
    {
        switch (first, second)
        {
            case (ScalarType.Float32, ScalarType.Float32):
                kernel.Run<Float32Element, Float32Element>();
                break;
            case (ScalarType.Float32, _):
                kernel.Run<Float32Element, BFloat16Element>();
                break;
            case (_, ScalarType.Float32):
                kernel.Run<BFloat16Element, Float32Element>();
                break;
            default:
                kernel.Run<BFloat16Element, BFloat16Element>();
                break;
        }
    }

    /// <summary>Runs a kernel for an activation of 32-bit floats or bfloat16.</summary>
    public static void Run<TKernel>(in TKernel kernel, ScalarType type, Activation activation)
        where TKernel : IActivationKernel
    {
        if (type == ScalarType.Float32)
            Run<TKernel, Float32Element>(kernel, activation);
        else
            Run<TKernel, BFloat16Element>(kernel, activation);
    }

    private static void Run<TKernel, TElement>(in TKernel kernel, Activation activation)
        where TKernel : IActivationKernel
        where TElement : IElement
    {
        switch (activation)
        {
            case Activation.Silu:
                kernel.Run<TElement, SiluActivation>();
                break;
            case Activation.Gelu:
                kernel.Run<TElement, GeluActivation>();
                break;
            case Activation.GeluTanh:
                kernel.Run<TElement, GeluTanhActivation>();
                break;
            case Activation.Relu:
                kernel.Run<TElement, ReluActivation>();
                break;
            case Activation.ReluSquared:
                kernel.Run<TElement, ReluSquaredActivation>();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(activation), activation, "There is no such activation.");
        }
    }
}

/// <summary>A kernel over tensors of two types, with its arguments.</summary>
internal interface IElementPairKernel
{
    /// <summary>Runs it.</summary>
    void Run<TFirst, TSecond>()
        where TFirst : IElement
        where TSecond : IElement;
}

/// <summary>A kernel over tensors of one type and an activation, with its arguments.</summary>
internal interface IActivationKernel
{
    /// <summary>Runs it.</summary>
    void Run<T, TActivation>()
        where T : IElement
        where TActivation : IActivation;
}
