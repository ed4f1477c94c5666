// What every kernel's text begins with. No include and no type of the toolkit's headers: NVRTC has none of them, and tests compile the
// same text for the CPU. The constants of a variant stand before it: types (float or bf16), sizes, elements of an access.
// Kernels that hold rows ask for one block a multiprocessor at least: otherwise the compiler spills registers at odd widths.

#define FULL_WARP 0xffffffffu

// The upper half of a 32-bit float.
struct bf16
{
    unsigned short bits;
};

__device__ __forceinline__ float widen(float value)
{
    return value;
}

__device__ __forceinline__ float widen(bf16 value)
{
    return __uint_as_float((unsigned)value.bits << 16);
}

template <typename T>
__device__ __forceinline__ T narrow(float value);

template <>
__device__ __forceinline__ float narrow<float>(float value)
{
    return value;
}

// To the nearest, ties to even. Carrying into the exponent is right, infinity included; a NaN must not be carried away.
template <>
__device__ __forceinline__ bf16 narrow<bf16>(float value)
{
    unsigned bits = __float_as_uint(value);
    unsigned rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
    bf16 result;
    result.bits = (unsigned short)(value == value ? rounded : (bits >> 16) | 0x40u);
    return result;
}

// Elements of one access: 16 bytes at most, aligned to their size, so that they are read and written by one instruction.
template <typename T, int N>
struct __align__((N * sizeof(T) < 16 ? N * sizeof(T) : 16)) Pack
{
    T at[N];
};

template <int N, typename T>
__device__ __forceinline__ void load(const T* from, float (&values)[N])
{
    Pack<T, N> pack = *(const Pack<T, N>*)from;
#pragma unroll
    for (int i = 0; i < N; i++)
        values[i] = widen(pack.at[i]);
}

template <int N, typename T>
__device__ __forceinline__ void store(T* to, const float (&values)[N])
{
    Pack<T, N> pack;
#pragma unroll
    for (int i = 0; i < N; i++)
        pack.at[i] = narrow<T>(values[i]);
    *(Pack<T, N>*)to = pack;
}

// The last access of a tensor may have fewer elements.
template <int N, typename T>
__device__ __forceinline__ void load(const T* from, float (&values)[N], long long left)
{
    if (left >= N)
        return load<N>(from, values);
#pragma unroll
    for (int i = 0; i < N; i++)
        values[i] = i < left ? widen(from[i]) : 0.0f;
}

template <int N, typename T>
__device__ __forceinline__ void store(T* to, const float (&values)[N], long long left)
{
    if (left >= N)
        return store<N>(to, values);
#pragma unroll
    for (int i = 0; i < N; i++)
    {
        if (i < left)
            to[i] = narrow<T>(values[i]);
    }
}

// Every lane gets the same bits, since a + b is b + a.
template <typename F>
__device__ __forceinline__ F warpSum(F value)
{
#pragma unroll
    for (int distance = 16; distance > 0; distance /= 2)
        value += __shfl_xor_sync(FULL_WARP, value, distance);
    return value;
}

// Sums over a team of whole warps, one warp or the block, in the same order in every thread and every run. One barrier for all of them:
// the next call must use other memory, the one after that may use this again.
template <int Team, int N, typename F>
__device__ __forceinline__ void teamSums(F (&values)[N], F (*warps)[32])
{
    int lane = threadIdx.x % 32;
#pragma unroll
    for (int i = 0; i < N; i++)
    {
        values[i] = warpSum(values[i]);
        if (Team > 32 && lane == 0)
            warps[i][threadIdx.x / 32] = values[i];
    }

    if (Team == 32)
        return;
    __syncthreads();
#pragma unroll
    for (int i = 0; i < N; i++)
        values[i] = warpSum(lane < Team / 32 ? warps[i][lane] : F(0));
}

// The logistic function, within some units in the last place: this division takes a third of the exact one's instructions.
__device__ __forceinline__ float logistic(float x)
{
    return __fdividef(1.0f, 1.0f + expf(-x));
}
