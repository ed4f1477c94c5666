// AdamW in one pass: 16 bytes read and 16 written for each parameter (2 more for the copy), 64 bytes in flight for each thread.
// PACK: elements of an access. COPIES: the new values are left in bf16, too.

extern "C" __global__ void adamW(
    float* values,
    float* gradients,
    float* firstMoments,
    float* secondMoments,
    bf16* copy,
    const double* clip,
    float beta1,
    float rest1,
    float beta2,
    float rest2,
    float decay,
    float step,
    float rootCorrection,
    float epsilon,
    long long count
)
{
    long long at = ((long long)blockIdx.x * blockDim.x + threadIdx.x) * PACK;
    if (at >= count)
        return;
    long long left = count - at;
    float factor = (float)*clip;
    float value[PACK], gradient[PACK], first[PACK], second[PACK];
    load<PACK>(values + at, value, left);
    load<PACK>(gradients + at, gradient, left);
    load<PACK>(firstMoments + at, first, left);
    load<PACK>(secondMoments + at, second, left);
#pragma unroll
    for (int i = 0; i < PACK; i++)
    {
        float slope = gradient[i] * factor;
        first[i] = beta1 * first[i] + rest1 * slope;
        second[i] = beta2 * second[i] + rest2 * slope * slope;
        value[i] = decay * value[i] - step * first[i] / (sqrtf(second[i]) * rootCorrection + epsilon);
        gradient[i] = 0.0f;
    }

    store<PACK>(values + at, value, left);
    store<PACK>(gradients + at, gradient, left);
    store<PACK>(firstMoments + at, first, left);
    store<PACK>(secondMoments + at, second, left);
    if (COPIES)
        store<PACK>(copy + at, value, left);
}
