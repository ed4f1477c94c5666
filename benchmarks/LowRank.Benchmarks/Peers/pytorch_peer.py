"""The same transformer in PyTorch: reads a setting, then takes one optimizer step for every line it is sent."""
import json
import sys
import time

import numpy
import torch
from torch import nn
from torch.nn import functional


class RmsNorm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5) * self.weight


def linear(inputs, outputs, rank):
    if rank == 0:
        return nn.Linear(inputs, outputs, bias=False)
    return nn.Sequential(nn.Linear(inputs, rank, bias=False), nn.Linear(rank, outputs, bias=False))


class Joined(nn.Module):
    """Linear layers over one input: one product for all of them, or for all of their first factors."""

    def __init__(self, inputs, outputs, names, rank):
        super().__init__()
        self.names, self.rank, self.outputs = names, rank, outputs
        self.first = nn.Linear(inputs, len(names) * (rank or outputs), bias=False)
        self.second = nn.ModuleList([nn.Linear(rank, outputs, bias=False) for _ in names] if rank else [])

    def forward(self, x):
        parts = self.first(x).chunk(len(self.names), -1)
        return [up(part) for up, part in zip(self.second, parts)] if self.rank else parts

    def places(self, prefix):
        """Where the weights of the layers lie, by the names that they would have one by one."""
        size = self.rank or self.outputs
        for index, name in enumerate(self.names):
            rows = self.first.weight.detach()[index * size : (index + 1) * size]
            if self.rank:
                yield f"{prefix}{name}.0.weight", rows
                yield f"{prefix}{name}.1.weight", self.second[index].weight.detach()
            else:
                yield f"{prefix}{name}.weight", rows


class Attention(nn.Module):
    def __init__(self, context, width, heads, rank):
        super().__init__()
        self.heads = heads
        self.joined = Joined(width, width, ["query", "key", "value"], rank)
        self.output = linear(width, width, rank)
        half = width // heads // 2
        angles = torch.outer(torch.arange(context).float(), 10000.0 ** (-torch.arange(half).float() / half))
        self.register_buffer("cosine", torch.cat([angles, angles], 1).cos(), persistent=False)
        self.register_buffer("sine", torch.cat([angles, angles], 1).sin(), persistent=False)
        self.register_buffer("mask", torch.full((context, context), float("-inf")).triu(1), persistent=False)

    def split(self, x):
        return x.view(x.shape[0], x.shape[1], self.heads, -1).transpose(1, 2)

    def rotate(self, x):
        first, second = x.chunk(2, -1)
        return x * self.cosine[: x.shape[2]] + torch.cat([-second, first], -1) * self.sine[: x.shape[2]]

    def forward(self, x):
        q, k, v = (self.split(part) for part in self.joined(x))
        q, k = self.rotate(q), self.rotate(k)
        if hasattr(functional, "scaled_dot_product_attention"):
            attended = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        else:
            scores = q @ k.transpose(-2, -1) / q.shape[-1] ** 0.5 + self.mask[: x.shape[1], : x.shape[1]]
            attended = scores.softmax(-1) @ v
        return self.output(attended.transpose(1, 2).reshape(x.shape))


class FeedForward(nn.Module):
    def __init__(self, width, hidden, rank):
        super().__init__()
        self.joined = Joined(width, hidden, ["gate", "up"], rank)
        self.down = linear(hidden, width, rank)

    def forward(self, x):
        gate, up = self.joined(x)
        return self.down(functional.silu(gate) * up)


class Block(nn.Module):
    def __init__(self, context, width, heads, hidden, rank, attention_rank):
        super().__init__()
        self.attentionNorm = RmsNorm(width)
        self.attention = Attention(context, width, heads, attention_rank)
        self.feedForwardNorm = RmsNorm(width)
        self.feedForward = FeedForward(width, hidden, rank)

    def forward(self, x):
        x = x + self.attention(self.attentionNorm(x))
        return x + self.feedForward(self.feedForwardNorm(x))


class Transformer(nn.Module):
    def __init__(self, vocabulary, context, width, depth, heads, hidden, rank, attentionRank=None):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width)
        self.blocks = nn.ModuleList(
            [Block(context, width, heads, hidden, rank, rank if attentionRank is None else attentionRank) for _ in range(depth)]
        )
        self.norm = RmsNorm(width)
        self.head = nn.Linear(width, vocabulary, bias=False)

    def forward(self, tokens):
        x = self.embedding(tokens)
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x))


def weights_of(model):
    """Every weight by the name that it has where no layers are joined."""
    joined = {name: module for name, module in model.named_modules() if isinstance(module, Joined)}
    places = {
        name: parameter.detach()
        for name, parameter in model.named_parameters()
        if not any(name.startswith(prefix + ".") for prefix in joined)
    }
    for name, module in joined.items():
        places.update(module.places(name[: -len("joined")]))
    return places


def used(device):
    """Memory of the device that isn't free, as its driver counts it; 0 on the CPU."""
    if device == "cpu":
        return 0
    free, total = torch.cuda.mem_get_info(torch.device(device))
    return total - free


def blas(device):
    """The library behind the matrix products, or nothing where it is the reference one."""
    if device != "cpu":
        return "cuBLAS"
    if torch.backends.mkl.is_available():
        return "MKL"
    with open("/proc/self/maps") as maps:
        loaded = maps.read()
    return next((name for name in ("openblas", "blis", "atlas") if name in loaded), "")


def main():
    setting = json.loads(sys.stdin.readline())
    torch.set_num_threads(setting["threads"])
    model = Transformer(**setting["model"])
    flat = torch.from_numpy(numpy.fromfile(setting["weights"], dtype=numpy.float32))
    with torch.no_grad():
        parameters = weights_of(model)
        for name, offset, count in setting["index"]:
            parameters.pop(name).view(-1).copy_(flat[offset : offset + count])
    if parameters:
        raise SystemExit(f"no weights for {sorted(parameters)}")
    device = setting["device"]
    kind = device.split(":")[0]
    torch.zeros(1, device=device)
    before = used(device)
    model.to(device)
    ids = torch.from_numpy(numpy.fromfile(setting["tokens"], dtype=numpy.int64)).to(device)
    batches = ids.view(setting["microBatches"], 2, setting["sequences"], setting["model"]["context"])
    optimizer = torch.optim.AdamW(model.parameters(), setting["learningRate"], (0.9, 0.95), 1e-8, 0.1, **({"fused": True} if kind == "cuda" else {}))
    print(torch.__version__, blas(device), flush=True)
    # Where it can't be compiled, the first step fails, and only that contender is left out.
    step = torch.compile(model) if setting["compile"] else model
    for _ in sys.stdin:
        start = time.perf_counter()
        total = torch.zeros((), dtype=torch.float64, device=device)
        optimizer.zero_grad()
        for inputs, targets in batches:
            with torch.autocast(kind, torch.bfloat16, enabled=kind == "cuda"):
                logits = step(inputs)
                loss = functional.cross_entropy(logits.view(-1, logits.shape[-1]), targets.reshape(-1)) / len(batches)
            loss.backward()
            total += loss.detach()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1)
        optimizer.step()
        total = total.item()  # Waits for the device.
        print(time.perf_counter() - start, total, used(device) - before, flush=True)


main()
