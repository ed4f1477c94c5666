using System.Text.Json.Nodes;
using LowRank.Training.SafeTensors;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Pretrained;

/// <summary>
/// An adapter as the PEFT library writes it, with random matrices, and the base model's weights with it merged in by plain arithmetic.
/// </summary>
internal sealed class HandMadeAdapter : IDisposable
{
    private readonly DisposeScopeOwner owner = new();
    private readonly RandomCheckpoint checkpoint;
    private readonly Dictionary<string, (Tensor A, Tensor B, double Scale)> matrices = new(StringComparer.Ordinal);

    public HandMadeAdapter(RandomCheckpoint checkpoint) => this.checkpoint = checkpoint;

    /// <summary>adapter_config.json.</summary>
    public JsonObject Config { get; } =
        JsonNode
            .Parse(
                """
                {
                  "alpha_pattern": {}, "auto_mapping": null, "base_model_name_or_path": "somebody/something", "bias": "none",
                  "corda_config": null, "eva_config": null, "exclude_modules": null, "fan_in_fan_out": false, "inference_mode": true,
                  "init_lora_weights": true, "layer_replication": null, "layers_pattern": null, "layers_to_transform": null,
                  "loftq_config": {}, "lora_alpha": 5, "lora_bias": false, "lora_dropout": 0.1, "megatron_config": null,
                  "megatron_core": "megatron.core", "modules_to_save": null, "peft_type": "LORA", "qalora_group_size": 16, "r": 3,
                  "rank_pattern": {}, "revision": null, "target_modules": "all-linear", "target_parameters": null,
                  "task_type": "CAUSAL_LM", "trainable_token_indices": null, "use_dora": false, "use_qalora": false, "use_rslora": false
                }
                """
            )!
            .AsObject();

    /// <summary>The names of the checkpoint's linear layers within its blocks, routers left out.</summary>
    public IEnumerable<string> Linear => Matrices.Where(name => !IsRouter(name));

    private IEnumerable<string> Matrices =>
        checkpoint
            .Tensors.Where(pair => pair.Value.dim() == 2)
            .Select(pair => pair.Key[..^".weight".Length])
            .Where(name =>
                name.Contains(".0.", StringComparison.Ordinal)
                || name.Contains(".1.", StringComparison.Ordinal)
                || name.Contains(".2.", StringComparison.Ordinal)
            );

    private static bool IsRouter(string name) => name.EndsWith(".gate", StringComparison.Ordinal);

    private bool IsTransposed => (string?)checkpoint.Config["model_type"] == "gpt2";

    /// <summary>Draws A and B of some layers.</summary>
    public HandMadeAdapter Add(Func<string, bool> isAdapted, int rank, double scale, ScalarType type = ScalarType.Float32) =>
        Draw(Linear.Where(isAdapted), rank, scale, type);

    /// <summary>Draws those of the routers of mixtures.</summary>
    public HandMadeAdapter AddRouters() => Draw(Matrices.Where(IsRouter), rank: 3, scale: 1, ScalarType.Float32);

    private HandMadeAdapter Draw(IEnumerable<string> names, int rank, double scale, ScalarType type)
    {
        using var scope = NewDisposeScope();
        foreach (var name in names)
        {
            var shape = checkpoint.Tensors[name + ".weight"].shape;
            var (inputs, outputs) = IsTransposed ? (shape[0], shape[1]) : (shape[1], shape[0]);
            manual_seed(matrices.Count + 1);
            matrices[name] = (
                owner.Keep((randn([rank, inputs]) * 0.3).to(type)),
                owner.Keep((randn([outputs, rank]) * 0.3).to(type)),
                scale
            );
        }

        return this;
    }

    /// <summary>Writes both files.</summary>
    public string Save(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "adapter_config.json"), Config.ToJsonString());
        SafeTensorsFile.Write(
            Path.Combine(folder, "adapter_model.safetensors"),
            [
                .. matrices.SelectMany(pair =>
                    new[]
                    {
                        ($"base_model.model.{pair.Key}.lora_A.weight", pair.Value.A),
                        ($"base_model.model.{pair.Key}.lora_B.weight", pair.Value.B),
                    }
                ),
            ]
        );
        return folder;
    }

    /// <summary>Writes the base model with <c>W + scale·BA</c> in the place of W.</summary>
    public string SaveMerged(string folder)
    {
        using (NewDisposeScope())
        {
            foreach (var (name, (a, b, scale)) in matrices)
            {
                var delta = b.to(ScalarType.Float64).mm(a.to(ScalarType.Float64)) * scale;
                var weight = checkpoint.Tensors[name + ".weight"];
                checkpoint.Tensors[name + ".weight"] = owner.Keep(
                    (weight.to(ScalarType.Float64) + (IsTransposed ? delta.t() : delta)).to(ScalarType.Float32)
                );
            }
        }

        return checkpoint.Save(folder);
    }

    public void Dispose() => owner.Dispose();

    private sealed class DisposeScopeOwner : IDisposable
    {
        private readonly List<Tensor> kept = [];

        public Tensor Keep(Tensor tensor)
        {
            kept.Add(tensor.DetachFromDisposeScope());
            return tensor;
        }

        public void Dispose() => kept.ForEach(tensor => tensor.Dispose());
    }
}
