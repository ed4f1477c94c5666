// Sums of two tensors, element by element. SUM, ADDEND: types. PACK: elements of an access. COPIES: the result is left in bf16, too.

// sum += addend.
extern "C" __global__ void add(SUM* sum, const ADDEND* addend, long long count)
{
    long long at = ((long long)blockIdx.x * blockDim.x + threadIdx.x) * PACK;
    if (at >= count)
        return;
    float values[PACK], more[PACK];
    load<PACK>(sum + at, values, count - at);
    load<PACK>(addend + at, more, count - at);
#pragma unroll
    for (int i = 0; i < PACK; i++)
        values[i] += more[i];
    store<PACK>(sum + at, values, count - at);
}

// sum = alpha * guide + addend: the effective weight of a layer with a guide.
extern "C" __global__ void blend(SUM* sum, const float* guide, float alpha, const ADDEND* addend, bf16* copy, long long count)
{
    long long at = ((long long)blockIdx.x * blockDim.x + threadIdx.x) * PACK;
    if (at >= count)
        return;
    float values[PACK], more[PACK];
    load<PACK>(guide + at, values, count - at);
    load<PACK>(addend + at, more, count - at);
#pragma unroll
    for (int i = 0; i < PACK; i++)
        values[i] = alpha * values[i] + more[i];
    store<PACK>(sum + at, values, count - at);
    if (COPIES)
        store<PACK>(copy + at, values, count - at);
}
