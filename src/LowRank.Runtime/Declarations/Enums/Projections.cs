using System;

namespace LowRank;

/// <summary>The linear layers of a sublayer, by their role. Values combine: <c>Projections.Query | Projections.Key</c>.</summary>
[Flags]
public enum Projections
{
    /// <summary>None: a sublayer whose linear layers add no bias. A <c>[LowRank]</c> or <c>[LoRA]</c> selects something.</summary>
    None = 0,

    /// <summary>The queries of an attention sublayer: from its input, or from their latent vector.</summary>
    Query = 1,

    /// <summary>The keys of an attention sublayer: from its input, or from the latent vector of keys and values.</summary>
    Key = 2,

    /// <summary>The values of an attention sublayer: from its input, or from the latent vector of keys and values.</summary>
    Value = 4,

    /// <summary>The output projection of an attention sublayer.</summary>
    Output = 8,

    /// <summary>The gate of a gated feed-forward sublayer.</summary>
    Gate = 16,

    /// <summary>The way up to the hidden layer of a feed-forward sublayer.</summary>
    Up = 32,

    /// <summary>The way down from the hidden layer of a feed-forward sublayer.</summary>
    Down = 64,

    /// <summary>The way down to the latent vector of latent attention's queries.</summary>
    QueryDown = 128,

    /// <summary>The way down to the latent vector of latent attention's keys and values, and to the rotated key beside it.</summary>
    KeyValueDown = 256,

    /// <summary>Every linear layer, whatever the sublayer has.</summary>
    All = Query | Key | Value | Output | Gate | Up | Down | QueryDown | KeyValueDown,
}
