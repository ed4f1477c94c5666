// RMSNorm and LayerNorm of rows, maybe of a sum that is formed on the way. STREAM, ADDEND, OUTPUT: types. WIDTH: elements of a row.
// PACK: elements of an access. CENTERED: LayerNorm. ADDS: x is added to first. BIAS: there is one.
// TEAM threads share a row, TEAMS rows share a block. A row of usual width is read once and kept in registers: KEPT is 1, and a thread has
// up to 32 elements where a warp is a team (no barrier at all), else 16, so that at 64 registers a multiprocessor has 1,024 threads with
// 16 to 64 KB of readings in flight, more than memory needs (bandwidth times latency is about 25 KB). A wider row is read again, from
// the cache. Gains are the same for all rows and stay in the first-level cache.

#define COUNT ((WIDTH + TEAM * PACK - 1) / (TEAM * PACK))
#define FULL (WIDTH % (TEAM * PACK) == 0)
#define SLOTS (KEPT ? COUNT : 1)

extern "C" __global__ void __launch_bounds__(TEAM* TEAMS, 1) normalize(
    const STREAM* x,
    const ADDEND* addend,
    STREAM* sum,
    const float* gain,
    const float* bias,
    OUTPUT* y,
    float* statistics,
    float epsilon,
    long long rows
)
{
    __shared__ float warps[2][1][32];
    long long row = (long long)blockIdx.x * TEAMS + threadIdx.x / TEAM;
    if (row >= rows)
        return;
    int thread = threadIdx.x % TEAM;
    x += row * WIDTH;
    y += row * WIDTH;
    if (ADDS)
    {
        addend += row * WIDTH;
        sum += row * WIDTH;
    }

    float kept[SLOTS][PACK];
    float total[1] = {0.0f};
#pragma unroll
    for (int k = 0; k < COUNT; k++)
    {
        int column = (k * TEAM + thread) * PACK;
        if (!FULL && column >= WIDTH)
            break;
        float(&values)[PACK] = kept[KEPT ? k : 0];
        load<PACK>(x + column, values);
        if (ADDS)
        {
            float more[PACK];
            load<PACK>(addend + column, more);
            // What is normalized is what the backward pass will read: the rounded sum.
#pragma unroll
            for (int i = 0; i < PACK; i++)
                values[i] = widen(narrow<STREAM>(values[i] + more[i]));
            store<PACK>(sum + column, values);
        }

#pragma unroll
        for (int i = 0; i < PACK; i++)
            total[0] += CENTERED ? values[i] : values[i] * values[i];
    }

    teamSums<TEAM>(total, warps[0]);
    const STREAM* stream = ADDS ? sum : x;
    float mean = 0.0f;
    if (CENTERED)
    {
        // Squares of what is left without the mean: those of x itself would leave no digit where the mean is large.
        mean = total[0] / WIDTH;
        total[0] = 0.0f;
#pragma unroll
        for (int k = 0; k < COUNT; k++)
        {
            int column = (k * TEAM + thread) * PACK;
            if (!FULL && column >= WIDTH)
                break;
            float(&values)[PACK] = kept[KEPT ? k : 0];
            if (!KEPT)
                load<PACK>(stream + column, values);
#pragma unroll
            for (int i = 0; i < PACK; i++)
                total[0] += (values[i] - mean) * (values[i] - mean);
        }

        teamSums<TEAM>(total, warps[1]);
    }

    float scale = 1.0f / sqrtf(total[0] / WIDTH + epsilon);
    if (thread == 0)
    {
        if (CENTERED)
            statistics[2 * row] = mean;
        statistics[CENTERED ? 2 * row + 1 : row] = scale;
    }

#pragma unroll
    for (int k = 0; k < COUNT; k++)
    {
        int column = (k * TEAM + thread) * PACK;
        if (!FULL && column >= WIDTH)
            break;
        float(&values)[PACK] = kept[KEPT ? k : 0];
        float gains[PACK];
        if (!KEPT)
            load<PACK>(stream + column, values);
        load<PACK>(gain + column, gains);
#pragma unroll
        for (int i = 0; i < PACK; i++)
            values[i] = (values[i] - mean) * scale * gains[i];
        if (BIAS)
        {
            load<PACK>(bias + column, gains);
#pragma unroll
            for (int i = 0; i < PACK; i++)
                values[i] += gains[i];
        }

        store<PACK>(y + column, values);
    }
}
