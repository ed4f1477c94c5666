// Rotary position embedding in place: entry i and entry i + HALF of a head turn together. TYPE: of the heads. HEAD: entries of a head.
// HALF: pairs that turn. HEADS: heads of a token. TURNED: how many of them turn, the first ones. PACK: elements of an access.
// A thread reads the angles of PACK pairs once and turns them in up to 4 heads, all of which it reads before it writes the first.

#define EACH (TURNED < 4 ? TURNED : 4)
#define GROUPS ((TURNED + EACH - 1) / EACH)

extern "C" __global__ void rotate(
    TYPE* heads,
    const float* cosine,
    const float* sine,
    long long sequence,
    long long firstPosition,
    float sign,
    long long threads
)
{
    // There are fewer than 2³² threads, and divisions in 32 bits are short.
    unsigned index = blockIdx.x * blockDim.x + threadIdx.x;
    if (index >= threads)
        return;
    unsigned pair = index % (HALF / PACK) * PACK;
    unsigned rest = index / (HALF / PACK);
    unsigned token = rest / GROUPS;
    int first = rest % GROUPS * EACH;
    long long angle = (firstPosition + token % (unsigned)sequence) * HALF + pair;
    float cosines[PACK], sines[PACK];
    load<PACK>(cosine + angle, cosines);
    load<PACK>(sine + angle, sines);
    heads += ((long long)token * HEADS + first) * HEAD + pair;
    Pack<TYPE, PACK> low[EACH], high[EACH];
#pragma unroll
    for (int k = 0; k < EACH; k++)
    {
        if (first + k < TURNED)
        {
            low[k] = *(const Pack<TYPE, PACK>*)(heads + k * HEAD);
            high[k] = *(const Pack<TYPE, PACK>*)(heads + k * HEAD + HALF);
        }
    }

#pragma unroll
    for (int k = 0; k < EACH; k++)
    {
        if (first + k >= TURNED)
            break;
        float a[PACK], b[PACK];
#pragma unroll
        for (int i = 0; i < PACK; i++)
        {
            float x = widen(low[k].at[i]);
            float y = widen(high[k].at[i]);
            a[i] = x * cosines[i] - y * sines[i] * sign;
            b[i] = y * cosines[i] + x * sines[i] * sign;
        }

        store<PACK>(heads + k * HEAD, a);
        store<PACK>(heads + k * HEAD + HALF, b);
    }
}
