// Compiled over nccl.h or what stands in its place: what it says as text, and the shapes of functions as NcclLibrary.cs calls them. Nothing
// of NCCL is called.

#include <cstddef>
#include <cstdio>
#include <type_traits>
#include NCCL_HEADER

template <typename Shape, typename Function>
constexpr bool is() {
    return std::is_same<Shape*, Function>::value;
}

#define SHAPE(function, ...) static_assert(is<__VA_ARGS__, decltype(&function)>(), #function)

SHAPE(ncclGetVersion, ncclResult_t(int*));
SHAPE(ncclGetUniqueId, ncclResult_t(ncclUniqueId*));
SHAPE(ncclCommInitRankConfig, ncclResult_t(ncclComm_t*, int, ncclUniqueId, int, ncclConfig_t*));
SHAPE(ncclCommFinalize, ncclResult_t(ncclComm_t));
SHAPE(ncclCommDestroy, ncclResult_t(ncclComm_t));
SHAPE(ncclCommAbort, ncclResult_t(ncclComm_t));
SHAPE(ncclCommGetAsyncError, ncclResult_t(ncclComm_t, ncclResult_t*));
SHAPE(ncclGetErrorString, const char*(ncclResult_t));
SHAPE(ncclGetLastError, const char*(ncclComm_t));
SHAPE(ncclGroupStart, ncclResult_t());
SHAPE(ncclGroupEnd, ncclResult_t());
SHAPE(ncclAllReduce, ncclResult_t(const void*, void*, size_t, ncclDataType_t, ncclRedOp_t, ncclComm_t, cudaStream_t));
SHAPE(ncclReduce, ncclResult_t(const void*, void*, size_t, ncclDataType_t, ncclRedOp_t, int, ncclComm_t, cudaStream_t));
SHAPE(ncclBroadcast, ncclResult_t(const void*, void*, size_t, ncclDataType_t, int, ncclComm_t, cudaStream_t));
SHAPE(ncclReduceScatter, ncclResult_t(const void*, void*, size_t, ncclDataType_t, ncclRedOp_t, ncclComm_t, cudaStream_t));
SHAPE(ncclAllGather, ncclResult_t(const void*, void*, size_t, ncclDataType_t, ncclComm_t, cudaStream_t));

#define VALUE(name) length += snprintf(text + length, sizeof text - length, "%s %lld\n", #name, static_cast<long long>(name))

extern "C" __attribute__((visibility("default"))) const char* facts() {
    static char text[4096];
    int length = 0;
    VALUE(ncclSuccess);
    VALUE(ncclUnhandledCudaError);
    VALUE(ncclSystemError);
    VALUE(ncclInternalError);
    VALUE(ncclInvalidArgument);
    VALUE(ncclInvalidUsage);
    VALUE(ncclRemoteError);
    VALUE(ncclInProgress);
    VALUE(ncclUint8);
    VALUE(ncclInt64);
    VALUE(ncclFloat32);
    VALUE(ncclFloat64);
    VALUE(ncclSum);
    const ncclConfig_t config = NCCL_CONFIG_INITIALIZER;
    VALUE(config.magic);
    VALUE(sizeof(ncclUniqueId));
    VALUE(alignof(ncclUniqueId));
    VALUE(sizeof(ncclResult_t));
    VALUE(sizeof(ncclDataType_t));
    VALUE(sizeof(ncclRedOp_t));
    VALUE(sizeof(ncclComm_t));
    VALUE(sizeof(cudaStream_t));
    VALUE(offsetof(ncclConfig_t, size));
    VALUE(offsetof(ncclConfig_t, magic));
    VALUE(offsetof(ncclConfig_t, version));
    VALUE(offsetof(ncclConfig_t, blocking));
    VALUE(sizeof(ncclConfig_t));
    return text;
}
