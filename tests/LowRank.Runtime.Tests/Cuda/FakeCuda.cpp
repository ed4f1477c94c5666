// In the place of the CUDA driver, of NVRTC and of libtorch's function for streams: what they are handed is checked and recorded, and
// results are given as a test asks for them. FakeCuda.cs compiles it, and speaks to it by the functions that begin with fake_.

#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <dlfcn.h>
#include <map>
#include <mutex>
#include <string>
#include <unistd.h>
#include <vector>

#define EXPORT extern "C" __attribute__((visibility("default")))

// Counts the call, and returns early where a test wants it to fail.
#define CALLED()                                                                                                                            \
    if (const int failure = called(__func__))                                                                                               \
    return failure

namespace {

constexpr int kMostArguments = 16;

struct Module {
    void* context;
};

struct Function {
    void* context;
    std::string name;
};

struct Launch {
    char name[64];
    void* context;
    void* stream;
    uint32_t grid[3];
    uint32_t block[3];
    uint32_t shared;
    int32_t count;
    uint64_t arguments[kMostArguments];
};

struct Program {
    std::string source;
    std::string name;
    std::string log;
    std::string cubin;
    std::string ptx;
};

struct Event {
    void* context;
    bool hasTime;
    int records;
    int polls;
    bool isStuck;
    int time;
};

struct Failure {
    int result;
    int times;
};

std::recursive_mutex gate;
std::map<std::string, int> calls;
std::map<std::string, int> values = {
    {"driver", 12040}, {"devices", 2}, {"major", 9},   {"minor", 0},        {"multiprocessors", 132}, {"clock", 3201000},
    {"bus", 6144},     {"threads", 1024}, {"nvrtcMajor", 12}, {"nvrtcMinor", 4}, {"newest", 90},        {"builtins", 0},
};
std::map<std::string, Failure> failures;
std::map<std::string, std::string> signatures;
std::vector<Launch> launches;
std::vector<std::string> texts;
std::vector<std::string> traces;
std::map<void*, void*> streams;
std::map<void*, Event> events;
thread_local void* current = nullptr;
thread_local void* stream = nullptr;

int called(const char* function) {
    std::lock_guard lock(gate);
    calls[function]++;
    const auto found = failures.find(function);
    if (found == failures.end() || found->second.times == 0)
        return 0;
    found->second.times--;
    return found->second.result;
}

int value(const char* name) {
    std::lock_guard lock(gate);
    return values[name];
}

// Neither a device's handle nor its context is its index, so that none passes for another.
constexpr int kFirstDevice = 100;
void* context_of(int device) { return reinterpret_cast<void*>(static_cast<intptr_t>(0x1000 + device)); }
bool is_device(int device) { return device >= kFirstDevice && device < kFirstDevice + value("devices"); }

void add_text(const std::string& text) {
    std::lock_guard lock(gate);
    texts.push_back(text);
}

void trace(const char* format, ...) {
    char line[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    std::lock_guard lock(gate);
    traces.push_back(line);
}

// libtorch's stream of a device, that of a thread, or one that was created.
bool is_stream(void* handle) {
    const auto found = streams.find(handle);
    return found == streams.end() ? reinterpret_cast<intptr_t>(handle) >= 0x7000 : found->second == current;
}

int handle_of(void* pointer) { return static_cast<int>(reinterpret_cast<intptr_t>(pointer)); }

}  // namespace

EXPORT void fake_set(const char* name, int number) {
    std::lock_guard lock(gate);
    values[name] = number;
}

EXPORT void fake_fail(const char* function, int result, int times) {
    std::lock_guard lock(gate);
    failures[function] = {result, times};
}

EXPORT int fake_calls(const char* function) {
    std::lock_guard lock(gate);
    return calls[function];
}

// A letter for each parameter of a kernel: p for 8 bytes, f for 4.
EXPORT void fake_signature(const char* kernel, const char* parameters) {
    std::lock_guard lock(gate);
    signatures[kernel] = parameters;
}

EXPORT int fake_launch(int index, Launch* launch) {
    std::lock_guard lock(gate);
    if (index >= static_cast<int>(launches.size()))
        return 0;
    *launch = launches[index];
    return 1;
}

// The options of every compilation, and what modules were loaded from.
EXPORT const char* fake_text(int index) {
    std::lock_guard lock(gate);
    return index < static_cast<int>(texts.size()) ? texts[index].c_str() : nullptr;
}

// What went into streams, in order.
EXPORT const char* fake_trace(int index) {
    std::lock_guard lock(gate);
    return index < static_cast<int>(traces.size()) ? traces[index].c_str() : nullptr;
}

// Streams and events that nobody has given back.
EXPORT int fake_alive() {
    std::lock_guard lock(gate);
    return static_cast<int>(streams.size() + events.size());
}

EXPORT void fake_stream(void* ofThisThread) { stream = ofThisThread; }
EXPORT void fake_current(void* context) { current = context; }
EXPORT void* fake_get_current() { return current; }

// The driver.

EXPORT int cuInit(unsigned flags) {
    CALLED();
    return flags == 0 ? 0 : 1;
}

EXPORT int cuDriverGetVersion(int* version) {
    CALLED();
    *version = value("driver");
    return 0;
}

EXPORT int cuDeviceGet(int* device, int ordinal) {
    CALLED();
    *device = kFirstDevice + ordinal;
    return is_device(*device) ? 0 : 101;
}

EXPORT int cuDeviceGetName(char* name, int length, int device) {
    CALLED();
    if (!is_device(device))
        return 101;
    snprintf(name, length, "Fake GPU %d", device - kFirstDevice);
    return 0;
}

EXPORT int cuDeviceGetAttribute(int* result, int attribute, int device) {
    CALLED();
    if (!is_device(device))
        return 101;
    switch (attribute) {
        case 16: *result = value("multiprocessors"); return 0;
        case 36: *result = value("clock"); return 0;
        case 37: *result = value("bus"); return 0;
        case 75: *result = value("major"); return 0;
        case 76: *result = value("minor"); return 0;
        default: return 1;
    }
}

EXPORT int cuDevicePrimaryCtxRetain(void** context, int device) {
    CALLED();
    if (!is_device(device))
        return 101;
    *context = context_of(device);
    return 0;
}

EXPORT int cuCtxGetCurrent(void** context) {
    CALLED();
    *context = current;
    return 0;
}

EXPORT int cuCtxSetCurrent(void* context) {
    CALLED();
    current = context;
    return 0;
}

EXPORT int cuModuleLoadDataEx(void** module, const void* image, unsigned count, int* options, void** optionValues) {
    if (const int failure = called(__func__)) {
        // As for PTX that the driver's compiler doesn't take. The size is a value in the place of a pointer.
        if (count == 2 && options[0] == 5 && options[1] == 6)
            snprintf(static_cast<char*>(optionValues[0]), reinterpret_cast<uintptr_t>(optionValues[1]), "ptxas: fake complaint\n");
        return failure;
    }
    if (!current)
        return 201;
    // A cubin is an ELF file, PTX a text that ends with a zero.
    const auto bytes = static_cast<const char*>(image);
    if (memcmp(bytes, "\177ELF", 4) == 0)
        add_text("module: cubin");
    else
        add_text(std::string("module: ") + bytes);
    *module = new Module{current};
    return 0;
}

EXPORT int cuModuleGetFunction(void** function, void* module, const char* name) {
    CALLED();
    const auto context = static_cast<Module*>(module)->context;
    if (context != current)
        return 201;
    if (strncmp(name, "missing", 7) == 0)
        return 500;
    *function = new Function{context, name};
    return 0;
}

EXPORT int cuFuncGetAttribute(int* result, int attribute, void* function) {
    CALLED();
    if (attribute != 0 || !function)
        return 1;
    *result = value("threads");
    return 0;
}

EXPORT int cuLaunchKernel(
    void* function, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY, unsigned blockZ, unsigned shared,
    void* onStream, void** parameters, void** extra) {
    CALLED();
    const auto kernel = static_cast<Function*>(function);
    if (kernel->context != current)
        return 400;
    if (extra || gridX == 0)
        return 1;
    Launch launch{};
    snprintf(launch.name, sizeof launch.name, "%s", kernel->name.c_str());
    launch.context = current;
    launch.stream = onStream;
    const uint32_t grid[] = {gridX, gridY, gridZ}, block[] = {blockX, blockY, blockZ};
    memcpy(launch.grid, grid, sizeof grid);
    memcpy(launch.block, block, sizeof block);
    launch.shared = shared;
    std::lock_guard lock(gate);
    // As the driver does: the kernel knows how many parameters it has, and how many bytes each takes.
    for (const char letter : signatures[kernel->name]) {
        memcpy(&launch.arguments[launch.count], parameters[launch.count], letter == 'f' ? 4 : 8);
        launch.count++;
    }
    launches.push_back(launch);
    return 0;
}

EXPORT int cuMemGetInfo_v2(size_t* free, size_t* total) {
    CALLED();
    if (!current)
        return 201;
    const auto index = reinterpret_cast<intptr_t>(current) - 0x1000 - kFirstDevice;
    *free = (size_t{3} << 33) + index;
    *total = size_t{5} << 33;
    return 0;
}

EXPORT int cuStreamCreate(void** created, unsigned flags) {
    CALLED();
    // 1: not bound to the default stream.
    if (!current || flags != 1)
        return current ? 1 : 201;
    std::lock_guard lock(gate);
    static int count = 0;
    *created = reinterpret_cast<void*>(static_cast<intptr_t>(0x5000 + count++));
    streams[*created] = current;
    return 0;
}

EXPORT int cuStreamDestroy_v2(void* gone) {
    CALLED();
    std::lock_guard lock(gate);
    return streams.erase(gone) == 1 ? 0 : 400;
}

EXPORT int cuEventCreate(void** created, unsigned flags) {
    CALLED();
    // 0: with time; 2: without.
    if (!current || (flags != 0 && flags != 2))
        return current ? 1 : 201;
    std::lock_guard lock(gate);
    static int count = 0;
    *created = reinterpret_cast<void*>(static_cast<intptr_t>(0x6000 + count++));
    events[*created] = {current, flags == 0, 0, 0, false, 0};
    return 0;
}

EXPORT int cuEventDestroy_v2(void* gone) {
    CALLED();
    std::lock_guard lock(gate);
    return events.erase(gone) == 1 ? 0 : 400;
}

// The clock is the number of events recorded. An event happens after as many questions as "pending" says, or with "stuck" when that ends.
EXPORT int cuEventRecord(void* happening, void* inStream) {
    CALLED();
    std::lock_guard lock(gate);
    const auto found = events.find(happening);
    if (found == events.end() || found->second.context != current || !is_stream(inStream))
        return 400;
    static int clock = 0;
    found->second.records++;
    found->second.time = ++clock;
    found->second.polls = value("pending");
    found->second.isStuck = value("stuck") != 0;
    trace("record %x in %x", handle_of(happening), handle_of(inStream));
    return 0;
}

EXPORT int cuEventQuery(void* happening) {
    CALLED();
    std::lock_guard lock(gate);
    const auto found = events.find(happening);
    if (found == events.end() || found->second.context != current)
        return 400;
    if (found->second.isStuck && value("stuck") != 0)
        return 600;
    return found->second.polls-- > 0 ? 600 : 0;
}

EXPORT int cuStreamWaitEvent(void* waiting, void* happening, unsigned flags) {
    CALLED();
    std::lock_guard lock(gate);
    const auto found = events.find(happening);
    if (found == events.end() || found->second.context != current || !is_stream(waiting) || flags != 0)
        return 400;
    trace("wait in %x for %x", handle_of(waiting), handle_of(happening));
    return 0;
}

EXPORT int cuEventElapsedTime(float* milliseconds, void* first, void* second) {
    CALLED();
    std::lock_guard lock(gate);
    const auto from = events.find(first), to = events.find(second);
    if (from == events.end() || to == events.end() || !from->second.hasTime || !to->second.hasTime)
        return 400;
    if (!from->second.records || !to->second.records)
        return 400;
    if (to->second.polls > 0)
        return 600;
    *milliseconds = static_cast<float>(to->second.time - from->second.time);
    return 0;
}

// NVIDIA's management library.

EXPORT int nvmlInit_v2() {
    CALLED();
    return 0;
}

EXPORT int nvmlDeviceGetCount_v2(unsigned* count) {
    CALLED();
    *count = value("gpus");
    return 0;
}

EXPORT int nvmlShutdown() {
    CALLED();
    return 0;
}

EXPORT int cuGetErrorName(int error, const char** name) {
    CALLED();
    *name = error == 700 ? "CUDA_ERROR_ILLEGAL_ADDRESS" : error == 500 ? "CUDA_ERROR_NOT_FOUND" : error == 100 ? "CUDA_ERROR_NO_DEVICE" : nullptr;
    return *name ? 0 : 1;
}

EXPORT int cuGetErrorString(int error, const char** text) {
    CALLED();
    *text = error == 700 ? "an illegal memory access was encountered" : error == 500 ? "named symbol not found" : "no such thing";
    return 0;
}

// libtorch.

EXPORT int aoti_torch_get_current_cuda_stream(int32_t device, void** result) {
    CALLED();
    *result = stream ? stream : reinterpret_cast<void*>(static_cast<intptr_t>(0x9000 + device));
    return 0;
}

// NVRTC.

EXPORT int nvrtcVersion(int* major, int* minor) {
    CALLED();
    *major = value("nvrtcMajor");
    *minor = value("nvrtcMinor");
    return 0;
}

EXPORT int nvrtcGetNumSupportedArchs(int* count) {
    CALLED();
    *count = 4;
    return 0;
}

EXPORT int nvrtcGetSupportedArchs(int* architectures) {
    CALLED();
    const int newest = value("newest");
    const int all[] = {newest - 30, newest - 10, newest - 1, newest};
    memcpy(architectures, all, sizeof all);
    return 0;
}

EXPORT const char* nvrtcGetErrorString(int result) {
    called(__func__);
    return result == 6 ? "NVRTC_ERROR_COMPILATION" : result == 7 ? "NVRTC_ERROR_BUILTIN_OPERATION_FAILURE" : "NVRTC_ERROR";
}

EXPORT int nvrtcCreateProgram(void** program, const char* source, const char* name, int count, const char**, const char**) {
    CALLED();
    if (count != 0)
        return 3;
    *program = new Program{source, name, "", "", ""};
    return 0;
}

EXPORT int nvrtcCompileProgram(void* handle, int count, const char** options) {
    CALLED();
    const auto program = static_cast<Program*>(handle);
    std::string all = program->name + ":";
    for (int index = 0; index < count; index++)
        all += std::string(" ") + options[index];
    add_text(all);
    // Opened by a name that its file need not have, as the real one does.
    const auto builtins = "libnvrtc-builtins.so.99." + std::to_string(value("builtins"));
    if (value("builtins") && !dlopen(builtins.c_str(), RTLD_LAZY)) {
        program->log = "nvrtc: error: failed to open " + builtins + ".\n  Make sure that it is installed correctly.";
        return 7;
    }
    if (program->source.find("#error") != std::string::npos) {
        program->log = program->name + "(1): warning: never mind\n" + program->name + "(2): error: so it was asked for\n1 error detected\n";
        return 6;
    }
    // Compilation takes its time, so that threads meet in it.
    usleep(20000);
    if (all.find("=sm_") != std::string::npos)
        program->cubin = std::string("\177ELF") + '\0' + program->source;
    program->ptx = ".version 8.4 " + program->source;
    return 0;
}

EXPORT int nvrtcGetProgramLogSize(void* program, size_t* size) {
    CALLED();
    *size = static_cast<Program*>(program)->log.size() + 1;
    return 0;
}

EXPORT int nvrtcGetProgramLog(void* program, char* log) {
    CALLED();
    memcpy(log, static_cast<Program*>(program)->log.c_str(), static_cast<Program*>(program)->log.size() + 1);
    return 0;
}

EXPORT int nvrtcGetCUBINSize(void* program, size_t* size) {
    CALLED();
    *size = static_cast<Program*>(program)->cubin.size();
    return 0;
}

EXPORT int nvrtcGetCUBIN(void* program, char* cubin) {
    CALLED();
    memcpy(cubin, static_cast<Program*>(program)->cubin.data(), static_cast<Program*>(program)->cubin.size());
    return 0;
}

EXPORT int nvrtcGetPTXSize(void* program, size_t* size) {
    CALLED();
    *size = static_cast<Program*>(program)->ptx.size() + 1;
    return 0;
}

EXPORT int nvrtcGetPTX(void* program, char* ptx) {
    CALLED();
    memcpy(ptx, static_cast<Program*>(program)->ptx.c_str(), static_cast<Program*>(program)->ptx.size() + 1);
    return 0;
}

EXPORT int nvrtcDestroyProgram(void** program) {
    CALLED();
    delete static_cast<Program*>(*program);
    *program = nullptr;
    return 0;
}
