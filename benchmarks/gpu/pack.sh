#!/bin/sh
# Packs the tests and benchmarks of a GPU for a machine with Linux on x64, an NVIDIA driver and Python with PyTorch, but neither .NET nor
# a network: docs/gpu-machine.md.
#
#   benchmarks/gpu/pack.sh [FILE]      (lowrank-gpu.tar.gz)
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
file=$(realpath -m "${1:-lowrank-gpu.tar.gz}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
app=$work/lowrank-gpu/app
mkdir -p "$app"

# All into one folder, so that they share .NET's runtime. libtorch is that of PyTorch, there.
for project in benchmarks/LowRank.Benchmarks tests/LowRank.EndToEnd.Tests tests/LowRank.Runtime.Tests; do
    dotnet publish "$root/$project" -c Release -r linux-x64 --self-contained -o "$app" -v q -clp:NoSummary \
        -p:RunsTorch=false -p:ValidateExecutableReferencesMatchSelfContained=false -p:ErrorOnDuplicatePublishOutputFiles=false \
        -p:DebugType=none -p:SatelliteResourceLanguages=en
done

# What isn't needed to run them.
find "$app" -name '*.pdb' -delete
rm -rf "$app"/createdump "$app"/libmscordbi.so "$app"/libmscordaccore.so

cp "$root/benchmarks/gpu/run.sh" "$work/lowrank-gpu/"
chmod +x "$work/lowrank-gpu/run.sh"
tar -czf "$file" -C "$work" lowrank-gpu
bytes=$(stat -c %s "$file")
echo "$file: $((bytes / 1000000)) MB; there: tar -xzf FILE && OUT=results lowrank-gpu/run.sh"
# What is copied by hand, or through a tool with a limit, should stay small.
[ "$bytes" -lt 64000000 ] || { echo "It has more than 64 MB." >&2; exit 1; }
