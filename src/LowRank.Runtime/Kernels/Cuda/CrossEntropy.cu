// Softmax, loss and gradient of rows of logits. TYPE: of the logits. VOCABULARY: logits of a row. GRADIENT: whether it is written over
// them. ALIGNED: every row begins at 16 bytes. THREADS: of a block, which has one row.
// Memory is read once: maximum and sum of exponentials are formed together (the sum is scaled again whenever the maximum grows), and the
// second reading, from the row's end, finds most of it in the caches. A thread asks for four packs at a time.

#define PACK (16 / (int)sizeof(TYPE))
// IFusedOperations.IgnoredTarget: no loss, and a gradient of 0.
#define IGNORED (-100)
#define MINUS_INFINITY __uint_as_float(0xff800000u)
#define NOT_A_NUMBER __uint_as_float(0x7fc00000u)

// Where all logits so far are -inf, 0 is as good a shift as any, and exp(-inf - 0) is 0.
__device__ __forceinline__ float shiftOf(float largest)
{
    return largest == MINUS_INFINITY ? 0.0f : largest;
}

template <int N>
__device__ __forceinline__ void take(const float (&values)[N], float& largest, float& sum)
{
    float next = largest;
#pragma unroll
    for (int i = 0; i < N; i++)
        next = fmaxf(next, values[i]);
    float shift = shiftOf(next);
    sum *= expf(largest - shift);
#pragma unroll
    for (int i = 0; i < N; i++)
        sum += expf(values[i] - shift);
    largest = next;
}

template <int N>
__device__ __forceinline__ void differentiate(TYPE* row, int index, int target, float largest, float factor, float scale)
{
    float values[N];
    load<N>(row + index, values);
#pragma unroll
    for (int i = 0; i < N; i++)
        values[i] = expf(values[i] - largest) * factor - (index + i == target ? scale : 0.0f);
    store<N>(row + index, values);
}

extern "C" __global__ void __launch_bounds__(THREADS, 1) crossEntropy(TYPE* logits, const long long* targets, double* losses, float scale)
{
    __shared__ float maxima[32];
    __shared__ float warps[1][32];
    TYPE* row = logits + (long long)blockIdx.x * VOCABULARY;
    // Rows of an odd size begin anywhere: some elements alone, then whole packs, then the rest alone.
    int before = ALIGNED ? 0 : (int)(((16 - (unsigned long long)row % 16) % 16) / sizeof(TYPE));
    before = before < VOCABULARY ? before : VOCABULARY;
    int packs = (VOCABULARY - before) / PACK;
    int after = before + packs * PACK;

    long long wanted = targets[blockIdx.x];
    // The whole block leaves, before any barrier.
    if (wanted == IGNORED)
    {
        if (threadIdx.x == 0)
            losses[blockIdx.x] = 0.0;
        float zero[1] = {0.0f};
        for (int i = threadIdx.x; GRADIENT && i < VOCABULARY; i += THREADS)
            store<1>(row + i, zero);
        return;
    }

    // A wrong target costs a NaN, not a write to somebody else's memory.
    bool isValid = wanted >= 0 && wanted < VOCABULARY;
    int target = isValid ? (int)wanted : 0;
    // Before the barriers, so before anybody writes.
    float ofTarget = widen(row[target]);

    float largest = MINUS_INFINITY;
    float sum = 0.0f;
    float one[1];
    for (int i = threadIdx.x; i < before; i += THREADS)
    {
        load<1>(row + i, one);
        take<1>(one, largest, sum);
    }

#pragma unroll 4
    for (int k = threadIdx.x; k < packs; k += THREADS)
    {
        float values[PACK];
        load<PACK>(row + before + k * PACK, values);
        take<PACK>(values, largest, sum);
    }

    for (int i = after + threadIdx.x; i < VOCABULARY; i += THREADS)
    {
        load<1>(row + i, one);
        take<1>(one, largest, sum);
    }

    int lane = threadIdx.x % 32;
    float whole = largest;
#pragma unroll
    for (int distance = 16; distance > 0; distance /= 2)
        whole = fmaxf(whole, __shfl_xor_sync(FULL_WARP, whole, distance));
    if (lane == 0)
        maxima[threadIdx.x / 32] = whole;
    __syncthreads();
    whole = lane < THREADS / 32 ? maxima[lane] : MINUS_INFINITY;
#pragma unroll
    for (int distance = 16; distance > 0; distance /= 2)
        whole = fmaxf(whole, __shfl_xor_sync(FULL_WARP, whole, distance));
    float sums[1] = {sum * expf(largest - shiftOf(whole))};
    teamSums<THREADS>(sums, warps);
    if (threadIdx.x == 0)
        losses[blockIdx.x] = isValid ? (double)whole - (double)ofTarget + log((double)sums[0]) : (double)NOT_A_NUMBER;
    if (!GRADIENT)
        return;

    // exp(z - largest) first: the difference of two large logits is exact, that to their normalizer isn't.
    float factor = scale / sums[0];
    for (int i = after + threadIdx.x; i < VOCABULARY; i += THREADS)
        differentiate<1>(row, i, target, whole, factor, scale);
#pragma unroll 4
    for (int k = packs - 1 - (int)threadIdx.x; k >= 0; k -= THREADS)
        differentiate<PACK>(row, before + k * PACK, target, whole, factor, scale);
    for (int i = threadIdx.x; i < before; i += THREADS)
        differentiate<1>(row, i, target, whole, factor, scale);
}
