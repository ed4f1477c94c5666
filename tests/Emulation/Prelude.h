// What makes a kernel's text a program for the CPU. Every thread of a block is a coroutine with a stack of its own; barriers and
// shuffles switch to the next one. Blocks run one after the other. Shared memory begins as NaN.
// Declared here: the headers take longer to compile than a kernel.
extern "C"
{
float expf(float);
float erfcf(float);
float tanhf(float);
float sqrtf(float);
float fmaxf(float, float);
double log(double);
double sqrt(double);
void* memcpy(void*, const void*, __SIZE_TYPE__);
void* memset(void*, int, __SIZE_TYPE__);
int snprintf(char*, __SIZE_TYPE__, const char*, ...);
}

typedef __UINTPTR_TYPE__ uintptr_t;

#define __global__
#define __device__
#define __forceinline__ inline
#define __launch_bounds__(...)
#define __align__(size) __attribute__((aligned(size)))
#define __shared__ static __attribute__((section(SHARED_SECTION)))

struct EmulatedIndex
{
    unsigned x;
};

static EmulatedIndex threadIdx, blockIdx, blockDim, gridDim;

namespace emulation
{
enum State
{
    Ready,
    AtBarrier,
    AtWarpBarrier,
    AtShuffle,
    Ended
};

struct Thread
{
    void* stack;
    State state;
    // Two, since a thread may be at the next shuffle before its neighbor has read from this one.
    unsigned long long given[2];
    int shuffles;
};

static const int StackSize = 1 << 16;
static Thread threads[1024];
static void* scheduler;
static int current;
static void (*body)(const void*);
static const void* bodyArguments;
static char message[256];

#if defined(__x86_64__)
// Saves the registers that a call keeps, and goes on where the other stack was left.
extern "C" void emulated_switch(void** from, void* to) __attribute__((visibility("hidden")));
__asm__(
    ".text\n.hidden emulated_switch\n.globl emulated_switch\nemulated_switch:\n"
    "pushq %rbp\npushq %rbx\npushq %r12\npushq %r13\npushq %r14\npushq %r15\n"
    "movq %rsp, (%rdi)\nmovq %rsi, %rsp\n"
    "popq %r15\npopq %r14\npopq %r13\npopq %r12\npopq %rbx\npopq %rbp\nret\n"
);

static void* stackOf(char* memory, void (*entry)())
{
    // At the entry the stack must stand as after a call: 8 bytes off a multiple of 16.
    void** top = (void**)((uintptr_t)(memory + StackSize) / 16 * 16) - 2;
    *top = (void*)entry;
    return top - 6;
}
#elif defined(__aarch64__)
extern "C" void emulated_switch(void** from, void* to) __attribute__((visibility("hidden")));
__asm__(
    ".text\n.hidden emulated_switch\n.globl emulated_switch\nemulated_switch:\n"
    "sub sp, sp, #160\n"
    "stp x19, x20, [sp, #0]\nstp x21, x22, [sp, #16]\nstp x23, x24, [sp, #32]\nstp x25, x26, [sp, #48]\nstp x27, x28, [sp, #64]\n"
    "stp x29, x30, [sp, #80]\nstp d8, d9, [sp, #96]\nstp d10, d11, [sp, #112]\nstp d12, d13, [sp, #128]\nstp d14, d15, [sp, #144]\n"
    "mov x9, sp\nstr x9, [x0]\nmov sp, x1\n"
    "ldp x19, x20, [sp, #0]\nldp x21, x22, [sp, #16]\nldp x23, x24, [sp, #32]\nldp x25, x26, [sp, #48]\nldp x27, x28, [sp, #64]\n"
    "ldp x29, x30, [sp, #80]\nldp d8, d9, [sp, #96]\nldp d10, d11, [sp, #112]\nldp d12, d13, [sp, #128]\nldp d14, d15, [sp, #144]\n"
    "add sp, sp, #160\nret\n"
);

static void* stackOf(char* memory, void (*entry)())
{
    void** top = (void**)((uintptr_t)(memory + StackSize) / 16 * 16) - 20;
    top[11] = (void*)entry;
    return top;
}
#else
#error "No switch of stacks is written for this processor."
#endif

static void wait(State state)
{
    int self = current;
    threads[self].state = state;
    emulated_switch(&threads[self].stack, scheduler);
}

static void entry()
{
    body(bodyArguments);
    wait(Ended);
}

static void fail(const char* what)
{
    if (message[0] == 0)
        snprintf(message, sizeof message, "%s (block %u, thread %u)", what, blockIdx.x, threadIdx.x);
}

// What would come next would end the process.
static void stop(const char* what)
{
    fail(what);
    wait(Ended);
}

static int count(int first, int end, State state)
{
    int sum = 0;
    for (int i = first; i < end; i++)
        sum += threads[i].state == state;
    return sum;
}

static void release(int first, int end, State state)
{
    if (count(first, end, state) != end - first)
        return;
    for (int i = first; i < end; i++)
        threads[i].state = Ready;
}

static void runWarp(int first, bool isDescending)
{
    while (count(first, first + 32, Ready) > 0)
    {
        for (int i = 0; i < 32; i++)
        {
            current = first + (isDescending ? 31 - i : i);
            if (threads[current].state != Ready)
                continue;
            threadIdx.x = current;
            emulated_switch(&scheduler, threads[current].stack);
        }

        release(first, first + 32, AtWarpBarrier);
        release(first, first + 32, AtShuffle);
    }
}

static void runBlock(int size, bool isDescending, char* stacks)
{
    for (int i = 0; i < size; i++)
    {
        threads[i].stack = stackOf(stacks + (long)i * StackSize, entry);
        threads[i].state = Ready;
        threads[i].shuffles = 0;
    }

    while (message[0] == 0 && count(0, size, Ended) < size)
    {
        // A warp runs as far as it can before the next one: so what it writes too early is there before others have read.
        for (int i = 0; i < size; i += 32)
            runWarp(isDescending ? size - 32 - i : i, isDescending);
        release(0, size, AtBarrier);
        if (count(0, size, Ready) == 0 && count(0, size, Ended) < size)
            snprintf(
                message,
                sizeof message,
                "threads wait for others that never come: %d at a block's barrier, %d at a warp's, %d at a shuffle, %d have ended (block %u)",
                count(0, size, AtBarrier),
                count(0, size, AtWarpBarrier),
                count(0, size, AtShuffle),
                count(0, size, Ended),
                blockIdx.x
            );
    }
}

// Bit 0 of the order: threads from the last to the first; bit 1: blocks likewise.
static const char* run(long long blocks, int size, int order, char* stacks, char* shared, char* sharedEnd)
{
    message[0] = 0;
    blockDim.x = size;
    gridDim.x = (unsigned)blocks;
    for (long long block = 0; block < blocks && message[0] == 0; block++)
    {
        blockIdx.x = (unsigned)(order & 2 ? blocks - 1 - block : block);
        memset(shared, 0xff, sharedEnd - shared);
        runBlock(size, order & 1, stacks);
    }

    return message[0] ? message : nullptr;
}

template <typename P>
static P next(const unsigned long long*& bits)
{
    P value;
    memcpy(&value, bits++, sizeof value);
    return value;
}

struct Call
{
    template <typename... P>
    Call(void (*kernel)(P...), P... arguments)
    {
        kernel(arguments...);
    }
};

template <typename... P>
static void call(void (*kernel)(P...), const void* arguments)
{
    const unsigned long long* bits = (const unsigned long long*)arguments;
    // Between braces, arguments are formed from left to right.
    Call{kernel, next<P>(bits)...};
}
}

static inline void __syncthreads()
{
    emulation::wait(emulation::AtBarrier);
}

static inline void __syncwarp(unsigned mask = 0xffffffffu)
{
    if (mask != 0xffffffffu)
        emulation::fail("a barrier of a part of a warp");
    emulation::wait(emulation::AtWarpBarrier);
}

template <typename V>
static V __shfl_sync(unsigned mask, V value, int lane)
{
    using namespace emulation;
    if (mask != 0xffffffffu)
        fail("a shuffle among a part of a warp");
    int self = current;
    int buffer = threads[self].shuffles++ % 2;
    memcpy(&threads[self].given[buffer], &value, sizeof value);
    wait(AtShuffle);
    V other;
    memcpy(&other, &threads[self / 32 * 32 + lane % 32].given[buffer], sizeof other);
    return other;
}

template <typename V>
static V __shfl_xor_sync(unsigned mask, V value, int distance)
{
    return __shfl_sync(mask, value, (emulation::current % 32) ^ distance);
}

template <typename V>
static V __shfl_down_sync(unsigned mask, V value, int distance)
{
    int lane = emulation::current % 32 + distance;
    return __shfl_sync(mask, value, lane < 32 ? lane : emulation::current % 32);
}

static inline float __uint_as_float(unsigned bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline unsigned __float_as_uint(float value)
{
    unsigned bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static inline float __fdividef(float dividend, float divisor)
{
    return dividend / divisor;
}

// Called by code that is compiled with -fsanitize=alignment,bounds.
extern "C" __attribute__((visibility("hidden"))) void __ubsan_handle_type_mismatch_v1(void*, void*)
{
    emulation::stop("an access at an address that is no multiple of its size");
}

extern "C" __attribute__((visibility("hidden"))) void __ubsan_handle_out_of_bounds(void*, void*)
{
    emulation::stop("an index beyond an array");
}

// Where its shared memory lies, the linker says; a kernel without any has none.
#define RUN(index, kernel)                                                                                                                 \
    extern "C" char __start_shared_##index[] __attribute__((weak, visibility("hidden")));                                                  \
    extern "C" char __stop_shared_##index[] __attribute__((weak, visibility("hidden")));                                                   \
    RUN_NAMED(index, kernel)
#define RUN_NAMED(index, kernel)                                                                                                           \
    extern "C" const char* run_##index##_##kernel(const unsigned long long* arguments, long long blocks, int threads, int order, char* stacks)        \
    {                                                                                                                                      \
        emulation::body = [](const void* arguments) { emulation::call(variant_##index::kernel, arguments); };                              \
        emulation::bodyArguments = arguments;                                                                                              \
        return emulation::run(blocks, threads, order, stacks, __start_shared_##index, __stop_shared_##index);                              \
    }
