using static TorchSharp.torch;

namespace LowRank.Kernels;

/// <summary>Activations by the kernels of the CPU: from tensors to addresses, types and sizes.</summary>
internal static unsafe class CpuActivation
{
    /// <summary><c>output = f(x)</c>, or <c>f(x) ⊙ up</c> where up is not null.</summary>
    public static void Forward(Activation activation, Tensor x, Tensor? up, Tensor output) => Run(Step.Forward, activation, x, up, output);

    /// <summary><c>gradient = f′(x) ⊙ gradient</c>.</summary>
    public static void Backward(Activation activation, Tensor x, Tensor gradient) => Run(Step.Backward, activation, x, up: null, gradient);

    /// <summary>The gradients over gate and up, and the output over its gradient.</summary>
    public static void BackwardGated(Activation activation, Tensor gate, Tensor up, Tensor gradient) =>
        Run(Step.BackwardGated, activation, gate, up, gradient);

    private static void Run(Step step, Activation activation, Tensor x, Tensor? up, Tensor output)
    {
        var factors = up is null ? null : TensorMemory.Address(up);
        var kernel = new Kernel(step, TensorMemory.Address(x), factors, TensorMemory.Address(output), x.NumberOfElements);
        ElementTypes.Run(kernel, x.dtype, activation);
    }

    private enum Step
    {
        Forward,
        Backward,
        BackwardGated,
    }

    private readonly struct Kernel(Step step, byte* x, byte* up, byte* output, long count) : IActivationKernel
    {
        private readonly byte* x = x;
        private readonly byte* up = up;
        private readonly byte* output = output;

        public void Run<T, TActivation>()
            where T : IElement
            where TActivation : IActivation
        {
            switch (step)
            {
                case Step.Forward:
                    ActivationKernel.Forward<T, TActivation>(x, up, output, count);
                    break;
                case Step.Backward:
                    ActivationKernel.Backward<T, TActivation>(x, output, count);
                    break;
                default:
                    ActivationKernel.BackwardGated<T, TActivation>(x, up, output, count);
                    break;
            }
        }
    }
}
