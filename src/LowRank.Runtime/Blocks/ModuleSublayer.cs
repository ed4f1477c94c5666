using System.ComponentModel;
using System.Runtime.InteropServices;
using LowRank.Decoding;
using LowRank.Kernels;
using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.Blocks;

/// <summary>
/// A module of the user's own as a sublayer, with the norms before and after it: <c>[batch, sequence, width]</c> to the same shape.
/// Generated
/// sublayers derive from it. Autograd differentiates the module, all around it is differentiated by hand.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class ModuleSublayer : CachingLayer, ISublayer
{
    private const string Inputs = "inputs";
    private readonly ISequenceModule module;
    private readonly SublayerNorms norms;

    /// <summary>Registers the layers.</summary>
    /// <param name="name">The layer's name in error messages.</param>
    /// <param name="norm">The norm before the module, or null.</param>
    /// <param name="module">The module; registered as <c>module</c>.</param>
    /// <param name="ownParameters">Number of parameters that it is declared to register itself, its parts included.</param>
    /// <param name="ownFlopsPerToken">Forward FLOPs per token that it is declared to compute beside its linear layers.</param>
    /// <param name="postNorm">The norm of the output, before it is added to the stream, or null.</param>
    /// <exception cref="InvalidOperationException">It has registered another number of parameters.</exception>
    protected ModuleSublayer(
        string name,
        NormLayer? norm,
        ISequenceModule module,
        long ownParameters,
        long ownFlopsPerToken,
        NormLayer? postNorm = null
    )
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(module);
        (norms, this.module, OwnFlopsPerToken) = (new(norm, postNorm), module, ownFlopsPerToken);
        OwnedParameters.Require(Live, ownParameters);
        if (norm is not null)
            register_module("norm", norm);
        register_module("module", Live);
        if (postNorm is not null)
            register_module("post_norm", postNorm);
    }

    /// <summary>The norm before the module.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public NormLayer Norm => norms.Before;

    /// <summary>The norm of the output, before it is added to the stream.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public NormLayer PostNorm => norms.After;

    /// <inheritdoc/>
    NormLayer? ISublayer.PostNorm => norms.AfterOrNull;

    /// <summary>The norms before and after.</summary>
    private protected SublayerNorms Norms => norms;

    /// <summary>The module.</summary>
    internal nn.Module Live => (nn.Module)module;

    /// <summary>Forward FLOPs per token beside the linear layers, as declared.</summary>
    internal long OwnFlopsPerToken { get; }

    /// <inheritdoc/>
    Tensor ISublayer.Record(ResidualStream stream, Tape tape)
    {
        ArgumentNullException.ThrowIfNull(tape);
        using var input = norms.Record(stream, tape);
        // How a module looks back is its own: it is never shown two documents at once.
        var documents = tape.Documents;
        return AutogradSegment.Record(
            tape,
            inputs => documents is null ? Forward(inputs[0]) : documents.OneByOne(inputs[0], Forward),
            input
        );
    }

    /// <inheritdoc/>
    void ISublayer.Backward(Tensor upstream, StreamGradient gradient, Tape tape)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        using var inputGradient = AutogradSegment.Backward(tape, upstream, inputs: 1)[0];
        norms.Backward(inputGradient, gradient, tape);
    }

    /// <inheritdoc/>
    void ISublayer.PlanDecoding(DecodingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        plan.ReadThroughLayers();
    }

    /// <summary>The stream in the type of the products, for a sublayer without a norm before it.</summary>
    /// <param name="x"><c>[batch, sequence, width]</c>.</param>
    protected Tensor InProductType(Tensor x) => norms.InProductType(x);

    /// <summary>Runs the module.</summary>
    /// <param name="input"><c>[batch, sequence, width]</c>, in the type of the products.</param>
    /// <param name="cache">What is kept of the tokens before, or null.</param>
    protected Tensor Run(Tensor input, KeyValueCache? cache)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (cache is null)
            return Forward(input);
        cache.RequireRoom(input.shape[1]);
        var state = cache.StateOf(this);
        return module is IRecurrentModule recurrent ? Checked(recurrent.forward(input, state), input) : RunOverAll(input, state);
    }

    // Nothing is known of the module but that it looks back: it reads all tokens again.
    private Tensor RunOverAll(Tensor input, RecurrentState state)
    {
        var (added, width) = (input.shape[1], input.shape[2]);
        state.IsByToken = true;
        state[Inputs] ??= empty([state.Batch, state.Capacity, width], input.dtype, input.device);
        using (var place = state[Inputs]!.narrow(1, state.Length, added))
            place.copy_(input);
        using var all = state[Inputs]!.narrow(1, 0, state.Length + added);
        using var output = Forward(all);
        using var last = output.narrow(1, state.Length, added);
        return last.contiguous();
    }

    // What libtorch says of sizes names neither the module nor the width.
    private Tensor Forward(Tensor input)
    {
        Tensor output;
        try
        {
            output = module.forward(input);
        }
        catch (ExternalException exception)
        {
            throw new InvalidOperationException(
                $"{module.GetType().Name}.forward failed for an input of [{string.Join(", ", input.shape)}], whose last size is the transformer's width: {exception.Message.Split('\n')[0]}",
                exception
            );
        }

        return Checked(output, input);
    }

    // In the type of the products, whatever the module's own parameters are in. Takes the output over.
    private Tensor Checked(Tensor output, Tensor input)
    {
        if (!output.shape.AsSpan().SequenceEqual(input.shape))
        {
            throw new InvalidOperationException(
                $"{module.GetType().Name}.forward returned [{string.Join(", ", output.shape)}] for an input of [{string.Join(", ", input.shape)}]: a sublayer keeps the shape."
            );
        }

        if (output.dtype == input.dtype)
            return output;
        using (output)
            return output.to(input.dtype);
    }
}
