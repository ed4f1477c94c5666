// Sums in double precision whose order doesn't depend on when a block runs. TYPE: of what is squared. PACK: elements of an access.
// On a card whose double precision is slow (1/64 of single) it still keeps up with memory: one multiplication and addition for 2 or 4
// bytes.

#define THREADS 512

// Each block leaves the sum of its elements' squares.
extern "C" __global__ void __launch_bounds__(THREADS) sumOfSquares(const TYPE* x, double* partial, long long count)
{
    __shared__ double warps[1][32];
    double sum[1] = {0.0};
#pragma unroll 4
    for (long long at = ((long long)blockIdx.x * THREADS + threadIdx.x) * PACK; at < count; at += (long long)gridDim.x * THREADS * PACK)
    {
        float values[PACK];
        load<PACK>(x + at, values, count - at);
#pragma unroll
        for (int i = 0; i < PACK; i++)
            sum[0] += (double)values[i] * (double)values[i];
    }

    teamSums<THREADS>(sum, warps);
    if (threadIdx.x == 0)
        partial[blockIdx.x] = sum[0];
}

// One block: the sum of all, in order.
__device__ __forceinline__ double sumOf(const double* values, long long count, double (*warps)[32])
{
    double sum[1] = {0.0};
    for (long long i = threadIdx.x; i < count; i += THREADS)
        sum[0] += values[i];
    teamSums<THREADS>(sum, warps);
    return sum[0];
}

extern "C" __global__ void __launch_bounds__(THREADS) rootOfSum(const double* values, double* root, long long count)
{
    __shared__ double warps[1][32];
    double sum = sumOf(values, count, warps);
    if (threadIdx.x == 0)
        *root = sqrt(sum);
}

extern "C" __global__ void __launch_bounds__(THREADS) addSum(const double* values, double* total, long long count)
{
    __shared__ double warps[1][32];
    double sum = sumOf(values, count, warps);
    if (threadIdx.x == 0)
        *total += sum;
}
