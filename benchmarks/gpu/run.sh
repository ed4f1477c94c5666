#!/bin/sh
# Runs the tests of a GPU, its kernels one by one and the benchmarks, most valuable first, and leaves what they say in files.
#
#   OUT=results lowrank-gpu/run.sh
#
# OUT       folder of the results                          ./out beside this script
# TOTAL     seconds for everything                         570
# DEVICE    cuda, cuda:1, or cpu                           cuda
# QUICK     1: tiny sizes, to see that everything runs
# PYTHON    a Python with PyTorch                          python3
# LIBTORCH  folder of a libtorch                           that of PyTorch
set -u
here=$(cd "$(dirname "$0")" && pwd)
app=$here/app
out=${OUT:-$here/out}
mkdir -p "$out"
out=$(cd "$out" && pwd)
device=${DEVICE:-cuda}
PYTHON=${PYTHON:-python3}
export PYTHON
begin=$(date +%s)
end=$((begin + ${TOTAL:-570}))
quick=${QUICK:+--quick}

torch=${LIBTORCH:-}
if [ -z "$torch" ]; then
    torch=$("$PYTHON" -c 'import os, torch; print(os.path.join(os.path.dirname(torch.__file__), "lib"))' 2>"$out/python.log") || torch=
fi
# The runtime mends TorchSharp's library for older systems, where its folder can be written to.
export LD_LIBRARY_PATH="$torch${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1

card=$(nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader 2>/dev/null) || card=
{
    echo "# What a GPU was found to do"
    echo
    echo "$(date -u +%Y-%m-%dT%H:%MZ), ${card:-no GPU is shown by nvidia-smi}, libtorch in ${torch:-no folder: $PYTHON has no PyTorch}."
    echo
    echo "| part | outcome | seconds |"
    echo "|---|---|---|"
} >"$out/summary.md"

# part NAME LIMIT COMMAND…: standard output becomes NAME.md, standard error NAME.log. A part that hangs takes its own time alone.
part() {
    name=$1
    limit=$2
    shift 2
    started=$(date +%s)
    left=$((end - started))
    if [ "$left" -lt 5 ]; then
        echo "| $name | not begun: no time left | |" >>"$out/summary.md"
        return
    fi
    [ "$limit" -le "$left" ] || limit=$left
    timeout -k 5 "$limit" "$@" >"$out/$name.md" 2>"$out/$name.log" </dev/null
    code=$?
    case $code in
        0) outcome=done ;;
        124 | 137) outcome="stopped after its $limit seconds" ;;
        *) outcome="ended with $code: $(tail -n 1 "$out/$name.log" | cut -c1-200 | tr '|' '/')" ;;
    esac
    echo "| $name | $outcome | $(($(date +%s) - started)) |" >>"$out/summary.md"
    echo "$name: $outcome"
}

tests() {
    set -f
    part "$1" "$2" "$app/$3" --no-ansi --progress off --output Detailed --filter-class $4
    set +f
}

bench() {
    part "$1" "$2" "$app/LowRank.Benchmarks" "$3" --device "$device" $quick --write "$out/$1.json" ${4:+--part "$4"} ${5:+--rounds "$5"}
}

tests tests-runs 110 LowRank.EndToEnd.Tests "*CudaRunTests *KernelLaunchTests *RecordedPassTests *JoinedProductTests"
tests tests-kernels 40 LowRank.Runtime.Tests "*LaunchTests *LaunchDeviceTests *NvrtcTests"
bench kernels 90 kernels
bench steps-1024 60 gpu steps-1024
bench peers-1024 120 gpu peers-1024 5
bench steps-2048 60 gpu steps-2048 5
bench peers-2048 120 gpu peers-2048 5
bench memory-1024 60 gpu memory-1024
bench memory-2048 60 gpu memory-2048
bench decode-1024 40 gpu decode-1024

# Of the tests that weren't skipped for want of a GPU, how many passed.
cat "$out"/tests-*.md | awk '
    $1 == "failed:" { failed += $2 }
    $1 == "succeeded:" { passed += $2 }
    END {
        if (passed + failed > 0) {
            share = passed / (passed + failed)
            printf "{\"figures\":[{\"name\":\"tests on the GPU that pass / all, LoRA\\u0027s dropout included\",\"median\":%s,\"low\":%s,\"high\":%s}]}\n", share, share, share
        }
    }' >"$out/tests.json"
[ -n "$card" ] || rm -f "$out/tests.json"
echo "Results are in $out; summary.md says what became of each part."
