// Adds what the blocks of NormBackward.cu have left: the sums of the columns of a matrix, to gain and bias. COLUMNS: of the matrix.
// GAINS: how many of them are the gain's, the first ones. A block has 32 columns, whose 128 bytes are one line; 32 warps share its rows.

extern "C" __global__ void __launch_bounds__(1024) addColumns(const float* partial, float* gain, float* bias, long long rows)
{
    __shared__ float sums[32][33];
    int lane = threadIdx.x % 32;
    int warp = threadIdx.x / 32;
    int column = blockIdx.x * 32 + lane;
    float sum = 0.0f;
    if (column < COLUMNS)
    {
#pragma unroll 8
        for (long long row = warp; row < rows; row += 32)
            sum += partial[row * COLUMNS + column];
    }

    sums[warp][lane] = sum;
    __syncthreads();
    // Turned: a warp adds one column. 33 keeps its 32 readings in different banks.
    sum = warpSum(sums[lane][warp]);
    column = blockIdx.x * 32 + warp;
    if (lane > 0 || column >= COLUMNS)
        return;
    if (column < GAINS)
        gain[column] += sum;
    else
        bias[column - GAINS] += sum;
}
