// f(x) and f'(x)·g, alone and as the gate of a unit. Everything is read once and written once, 16 bytes a thread: enough to be in flight
// with full occupancy (few registers, no shared memory), and some 40 instructions an element at most, which memory hides.
// TYPE: of the elements. PACK: elements of an access. KIND: the activation. WIDTH: elements of a row, a multiple of PACK.

// The values of the enum Activation.
#define SILU 0
#define GELU 1
#define GELU_TANH 2
#define RELU 3
#define RELU_SQUARED 4

// f(x), and in slope f'(x).
__device__ __forceinline__ float activation(float x, float& slope)
{
    if (KIND == SILU)
    {
        float s = logistic(x);
        float value = x * s;
        slope = s + value * (1.0f - s);
        return value;
    }

    if (KIND == GELU)
    {
        // Of the complement: far below zero 1 + erf has no digit left.
        float distribution = 0.5f * erfcf(-0.70710678f * x);
        slope = distribution + x * 0.39894228f * expf(-0.5f * x * x);
        return x * distribution;
    }

    if (KIND == GELU_TANH)
    {
        // (1 + tanh(z))/2 is the logistic function of 2z.
        float square = x * x;
        float s = logistic(1.5957691f * x * (1.0f + 0.044715f * square));
        float value = x * s;
        slope = s + value * (1.0f - s) * (1.5957691f * (1.0f + 0.134145f * square));
        return value;
    }

    // A NaN stays one.
    float rectified = x <= 0.0f ? 0.0f : x;
    float step = x <= 0.0f ? 0.0f : 1.0f;
    slope = KIND == RELU ? step : 2.0f * rectified;
    return KIND == RELU ? rectified : rectified * rectified;
}

extern "C" __global__ void activate(const TYPE* x, TYPE* y, long long count)
{
    long long at = ((long long)blockIdx.x * blockDim.x + threadIdx.x) * PACK;
    if (at >= count)
        return;
    float values[PACK];
    load<PACK>(x + at, values, count - at);
#pragma unroll
    for (int i = 0; i < PACK; i++)
    {
        float slope;
        values[i] = activation(values[i], slope);
    }

    store<PACK>(y + at, values, count - at);
}

// The gradient of x over the output's.
extern "C" __global__ void activateBackward(const TYPE* x, TYPE* gradient, long long count)
{
    long long at = ((long long)blockIdx.x * blockDim.x + threadIdx.x) * PACK;
    if (at >= count)
        return;
    float values[PACK], upstream[PACK];
    load<PACK>(x + at, values, count - at);
    load<PACK>(gradient + at, upstream, count - at);
#pragma unroll
    for (int i = 0; i < PACK; i++)
    {
        float slope;
        activation(values[i], slope);
        upstream[i] *= slope;
    }

    store<PACK>(gradient + at, upstream, count - at);
}

// Rows of gate and up stand apart by a stride, those of the result don't. The number of packs is below 2³², and a division by a
// constant in 32 bits takes two instructions.
extern "C" __global__ void gate(const TYPE* gates, const TYPE* ups, TYPE* product, long long stride, long long packs)
{
    unsigned pack = blockIdx.x * blockDim.x + threadIdx.x;
    if (pack >= packs)
        return;
    unsigned row = pack / (WIDTH / PACK);
    long long place = row * stride + (pack - row * (WIDTH / PACK)) * PACK;
    float values[PACK], linear[PACK];
    load<PACK>(gates + place, values);
    load<PACK>(ups + place, linear);
#pragma unroll
    for (int i = 0; i < PACK; i++)
    {
        float slope;
        values[i] = activation(values[i], slope) * linear[i];
    }

    store<PACK>(product + (long long)pack * PACK, values);
}

// The gradients over gate and up, the output, formed once more, over its gradient.
extern "C" __global__ void gateBackward(TYPE* gates, TYPE* ups, TYPE* gradient, long long stride, long long packs)
{
    unsigned pack = blockIdx.x * blockDim.x + threadIdx.x;
    if (pack >= packs)
        return;
    unsigned row = pack / (WIDTH / PACK);
    long long place = row * stride + (pack - row * (WIDTH / PACK)) * PACK;
    float values[PACK], linear[PACK], upstream[PACK];
    load<PACK>(gates + place, values);
    load<PACK>(ups + place, linear);
    load<PACK>(gradient + (long long)pack * PACK, upstream);
#pragma unroll
    for (int i = 0; i < PACK; i++)
    {
        float slope;
        float value = activation(values[i], slope);
        values[i] = upstream[i] * linear[i] * slope;
        float output = value * linear[i];
        linear[i] = upstream[i] * value;
        upstream[i] = output;
    }

    store<PACK>(gates + place, values);
    store<PACK>(ups + place, linear);
    store<PACK>(gradient + (long long)pack * PACK, upstream);
}
