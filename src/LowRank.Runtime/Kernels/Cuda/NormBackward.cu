// The backward pass of Norm.cu. With n = (x − mean)·scale and s = gain·upstream: into += scale·(s − mean(s) − n·mean(s·n)), without
// mean(s) where nothing was centered. STREAM, UPSTREAM, INTO, ROUNDED: types. WIDTH, PACK, CENTERED, TEAM, TEAMS, KEPT: as there.
// ROUNDS: into is left in another type, too. GAIN_SUMS, BIAS_SUMS: whether the gradients of gain and bias are wanted.
// About as many blocks as run at once take row after row, so that a thread sums the gradients of its columns in registers and each block
// writes its sums once: no atomics, the same bits in every run. A thread has 8 elements of a row: x, upstream, into, gain and two sums of
// each fit 64 registers or so, and all three readings of a row are asked for before its sums are needed: 1,024 threads of a
// multiprocessor have 48 KB in flight where memory needs about 25.

#define COUNT ((WIDTH + TEAM * PACK - 1) / (TEAM * PACK))
#define FULL (WIDTH % (TEAM * PACK) == 0)
#define SLOTS (KEPT ? COUNT : 1)
#define COLUMNS ((GAIN_SUMS + BIAS_SUMS) * WIDTH)

extern "C" __global__ void __launch_bounds__(TEAM* TEAMS, 1) normalizeBackward(
    const STREAM* x,
    const float* statistics,
    const float* gain,
    const UPSTREAM* upstream,
    INTO* into,
    ROUNDED* rounded,
    float* partial,
    long long rows
)
{
    __shared__ float warps[2][2][32];
    __shared__ float columns[TEAMS > 1 && COLUMNS > 0 ? TEAMS : 1][TEAMS > 1 && COLUMNS > 0 ? COLUMNS : 1];
    int thread = threadIdx.x % TEAM;
    int team = threadIdx.x / TEAM;
    float gains[SLOTS][PACK], ofGain[SLOTS][PACK], ofBias[SLOTS][PACK];
#pragma unroll
    for (int k = 0; k < SLOTS; k++)
    {
        int column = (k * TEAM + thread) * PACK;
#pragma unroll
        for (int i = 0; i < PACK; i++)
            ofGain[k][i] = ofBias[k][i] = 0.0f;
        if (KEPT && (FULL || column < WIDTH))
            load<PACK>(gain + column, gains[k]);
    }

    partial += (long long)blockIdx.x * COLUMNS;
    long long first = (long long)blockIdx.x * TEAMS + team;
    int turn = 0;
    for (long long row = first; row < rows; row += (long long)gridDim.x * TEAMS)
    {
        const STREAM* input = x + row * WIDTH;
        const UPSTREAM* slopes = upstream + row * WIDTH;
        INTO* place = into + row * WIDTH;
        float mean = CENTERED ? statistics[2 * row] : 0.0f;
        float scale = statistics[CENTERED ? 2 * row + 1 : row];
        float normal[SLOTS][PACK], slope[SLOTS][PACK], target[SLOTS][PACK];
        // Of s·n and of s.
        float sums[1 + CENTERED] = {0.0f};
#pragma unroll
        for (int k = 0; k < COUNT; k++)
        {
            int slot = KEPT ? k : 0;
            int column = (k * TEAM + thread) * PACK;
            if (!FULL && column >= WIDTH)
                break;
            load<PACK>(input + column, normal[slot]);
            load<PACK>(slopes + column, slope[slot]);
            if (KEPT)
                load<PACK>(place + column, target[slot]);
            else
                load<PACK>(gain + column, gains[slot]);
            if (!KEPT && row == first)
            {
#pragma unroll
                for (int i = 0; i < PACK; i++)
                    ofGain[slot][i] = ofBias[slot][i] = 0.0f;
            }
            else if (!KEPT)
            {
                if (GAIN_SUMS)
                    load<PACK>(partial + column, ofGain[slot]);
                if (BIAS_SUMS)
                    load<PACK>(partial + GAIN_SUMS * WIDTH + column, ofBias[slot]);
            }

#pragma unroll
            for (int i = 0; i < PACK; i++)
            {
                normal[slot][i] = (normal[slot][i] - mean) * scale;
                ofGain[slot][i] += slope[slot][i] * normal[slot][i];
                ofBias[slot][i] += slope[slot][i];
                slope[slot][i] *= gains[slot][i];
                sums[0] += slope[slot][i] * normal[slot][i];
                sums[CENTERED] += CENTERED ? slope[slot][i] : 0.0f;
            }

            if (!KEPT)
            {
                if (GAIN_SUMS)
                    store<PACK>(partial + column, ofGain[slot]);
                if (BIAS_SUMS)
                    store<PACK>(partial + GAIN_SUMS * WIDTH + column, ofBias[slot]);
            }
        }

        teamSums<TEAM>(sums, warps[turn]);
        turn = 1 - turn;
        float pull = sums[0] / WIDTH;
        float shift = CENTERED ? sums[CENTERED] / WIDTH : 0.0f;
#pragma unroll
        for (int k = 0; k < COUNT; k++)
        {
            int slot = KEPT ? k : 0;
            int column = (k * TEAM + thread) * PACK;
            if (!FULL && column >= WIDTH)
                break;
            if (!KEPT)
            {
                load<PACK>(input + column, normal[slot]);
                load<PACK>(slopes + column, slope[slot]);
                load<PACK>(place + column, target[slot]);
                load<PACK>(gain + column, gains[slot]);
#pragma unroll
                for (int i = 0; i < PACK; i++)
                {
                    normal[slot][i] = (normal[slot][i] - mean) * scale;
                    slope[slot][i] *= gains[slot][i];
                }
            }

#pragma unroll
            for (int i = 0; i < PACK; i++)
            {
                float sum = target[slot][i] + scale * (slope[slot][i] - shift - normal[slot][i] * pull);
                target[slot][i] = widen(narrow<INTO>(sum));
            }

            store<PACK>(place + column, target[slot]);
            if (ROUNDS)
                store<PACK>(rounded + row * WIDTH + column, target[slot]);
        }
    }

    if (!KEPT || COLUMNS == 0)
        return;
    float* sum = TEAMS > 1 ? columns[team] : partial;
#pragma unroll
    for (int k = 0; k < SLOTS; k++)
    {
        int column = (k * TEAM + thread) * PACK;
        if (!FULL && column >= WIDTH)
            break;
#pragma unroll
        for (int i = 0; i < PACK; i++)
        {
            if (GAIN_SUMS)
                sum[column + i] = ofGain[k][i];
            if (BIAS_SUMS)
                sum[GAIN_SUMS * WIDTH + column + i] = ofBias[k][i];
        }
    }

    if (TEAMS == 1)
        return;
    __syncthreads();
    for (int column = threadIdx.x; column < COLUMNS; column += TEAM * TEAMS)
    {
        float whole = 0.0f;
        for (int each = 0; each < TEAMS; each++)
            whole += columns[TEAMS > 1 ? each : 0][column];
        partial[column] = whole;
    }
}
