// In the place of NCCL, over host memory: ranks are threads of one process, and an operation is carried out when all of them have asked for
// it. What is asked is checked against the rules of NCCL's documentation, and recorded among the driver's traces.

#include "FakeCuda.cpp"
#include "NcclFacts.h"

#include <deque>
#include <memory>

struct Operation {
    std::string name;
    const void* send;
    void* receive;
    size_t count;
    ncclDataType_t type;
    int root;
    ncclComm_t communicator;
};

struct Ranks {
    int world;
    int leaving = 0;
    std::map<int, ncclComm_t> members;
    std::map<int, std::deque<std::vector<Operation>>> asked;
};

struct ncclComm {
    std::shared_ptr<Ranks> ranks;
    int rank;
    void* context;
    ncclResult_t state;
    int polls;
    bool isComplete;
    bool isBusy;
};

namespace {

std::map<std::string, std::shared_ptr<Ranks>> groups;
std::map<ncclComm_t, std::unique_ptr<ncclComm>> communicators;
std::string complaint;
thread_local int depth = 0;
thread_local std::vector<Operation> pending;

ncclResult_t refuse(ncclResult_t result, const char* why) {
    complaint = why;
    trace("nccl refuses: %s", why);
    return result;
}

size_t size_of(ncclDataType_t type) { return type == ncclUint8 ? 1 : type == ncclFloat32 ? 4 : 8; }

bool is_alive(ncclComm_t communicator) { return communicators.count(communicator) == 1; }

void fail(Ranks& ranks, const char* why) {
    refuse(ncclInvalidUsage, why);
    for (const auto& member : ranks.members)
        member.second->state = ncclInvalidUsage;
}

template <typename T>
void add(std::vector<char>& sum, const char* addend, size_t count) {
    for (size_t i = 0; i < count; i++) {
        T left, right;
        memcpy(&left, &sum[i * sizeof(T)], sizeof(T));
        memcpy(&right, addend + i * sizeof(T), sizeof(T));
        left = static_cast<T>(left + right);
        memcpy(&sum[i * sizeof(T)], &left, sizeof(T));
    }
}

void add(std::vector<char>& sum, const char* addend, size_t count, ncclDataType_t type) {
    switch (type) {
        case ncclUint8: add<uint8_t>(sum, addend, count); break;
        case ncclInt64: add<int64_t>(sum, addend, count); break;
        case ncclFloat32: add<float>(sum, addend, count); break;
        default: add<double>(sum, addend, count); break;
    }
}

// The operation of each rank, by rank.
void carry_out(Ranks& ranks, const std::vector<Operation>& each) {
    const auto& one = each[0];
    const size_t bytes = one.count * size_of(one.type);
    const bool byRank = one.name == "ReduceScatter" || one.name == "AllGather";
    const size_t whole = one.name == "ReduceScatter" ? bytes * ranks.world : bytes;
    const size_t elements = whole / size_of(one.type);
    for (int rank = 0; rank < ranks.world; rank++) {
        const auto& other = each[rank];
        if (other.name != one.name || other.count != one.count || other.type != one.type || other.root != one.root)
            return fail(ranks, "the ranks ask for different operations");
        const auto send = static_cast<const char*>(other.send), receive = static_cast<const char*>(other.receive);
        const size_t apart = byRank ? rank * bytes : 0;
        if (one.name == "AllGather" ? send != receive + apart : receive != send + apart)
            return fail(ranks, "an operation isn't in place");
    }

    std::vector<char> result;
    if (one.name == "Broadcast") {
        const auto from = static_cast<const char*>(each[one.root].send);
        result.assign(from, from + bytes);
    } else if (one.name == "AllGather") {
        for (const auto& other : each)
            result.insert(result.end(), static_cast<const char*>(other.send), static_cast<const char*>(other.send) + bytes);
    } else {
        result.assign(static_cast<const char*>(one.send), static_cast<const char*>(one.send) + whole);
        for (int rank = 1; rank < ranks.world; rank++)
            add(result, static_cast<const char*>(each[rank].send), elements, one.type);
    }

    for (int rank = 0; rank < ranks.world; rank++) {
        const auto& other = each[rank];
        if (one.name == "ReduceScatter") {
            // What is another rank's is nobody's here.
            memset(const_cast<void*>(other.send), 0xee, whole);
            memcpy(other.receive, &result[rank * bytes], bytes);
        } else if (one.name == "Reduce" && rank != one.root) {
            memset(other.receive, 0xee, bytes);
        } else {
            memcpy(other.receive, result.data(), result.size());
        }
    }
}

void go_on(Ranks& ranks) {
    for (;;) {
        if (static_cast<int>(ranks.members.size()) < ranks.world)
            return;
        for (int rank = 0; rank < ranks.world; rank++)
            if (ranks.asked[rank].empty())
                return;
        std::vector<std::vector<Operation>> all;
        for (int rank = 0; rank < ranks.world; rank++) {
            all.push_back(ranks.asked[rank].front());
            ranks.asked[rank].pop_front();
        }

        for (const auto& some : all)
            if (some.size() != all[0].size())
                return fail(ranks, "the ranks ask for groups of different sizes");
        for (size_t index = 0; index < all[0].size(); index++) {
            std::vector<Operation> each;
            for (const auto& some : all)
                each.push_back(some[index]);
            carry_out(ranks, each);
        }

        for (int rank = 0; rank < ranks.world; rank++) {
            const auto member = ranks.members[rank];
            if (ranks.asked[rank].empty() && member->state == ncclInProgress)
                member->state = ncclSuccess;
        }
    }
}

ncclResult_t ask(const char* name, const void* send, void* receive, size_t count, ncclDataType_t type, int root, ncclComm_t communicator,
    cudaStream_t inStream) {
    if (const int failure = called(name))
        return refuse(static_cast<ncclResult_t>(failure), "as a test asks");
    std::lock_guard lock(gate);
    if (!is_alive(communicator))
        return refuse(ncclInvalidArgument, "this communicator is gone");
    if (communicator->state != ncclSuccess)
        return refuse(ncclInvalidUsage, "the communicator is used before the operation before is done");
    if (depth != 1)
        return refuse(ncclInvalidUsage, "not in a group");
    if (streams.count(inStream) != 1 || streams[inStream] != communicator->context)
        return refuse(ncclInvalidArgument, "not a stream of this device");
    if (root < 0 || root >= communicator->ranks->world || count == 0)
        return refuse(ncclInvalidArgument, "a wrong root or count");
    trace("%s %zu of type %d, root %d, in %x", name, count, type, root, handle_of(inStream));
    pending.push_back({name + 4, send, receive, count, type, root, communicator});
    return ncclSuccess;
}

}  // namespace

EXPORT ncclResult_t ncclGetVersion(int* version) {
    *version = value("nccl") ? value("nccl") : 22705;
    return ncclSuccess;
}

EXPORT ncclResult_t ncclGetUniqueId(ncclUniqueId* id) {
    if (const int failure = called(__func__))
        return refuse(static_cast<ncclResult_t>(failure), "no network");
    std::lock_guard lock(gate);
    const int number = static_cast<int>(groups.size());
    for (int index = 0; index < NCCL_UNIQUE_ID_BYTES; index++)
        id->internal[index] = static_cast<char>(index * 37 + number);
    groups[std::string(id->internal, NCCL_UNIQUE_ID_BYTES)] = nullptr;
    return ncclSuccess;
}

EXPORT ncclResult_t ncclCommInitRankConfig(ncclComm_t* created, int world, ncclUniqueId id, int rank, ncclConfig_t* config) {
    if (const int failure = called(__func__))
        return refuse(static_cast<ncclResult_t>(failure), "as a test asks");
    std::lock_guard lock(gate);
    const auto found = groups.find(std::string(id.internal, NCCL_UNIQUE_ID_BYTES));
    if (found == groups.end())
        return refuse(ncclInvalidArgument, "this id was never made");
    const ncclConfig_t expected = NCCL_CONFIG_INITIALIZER;
    if (config->size != expected.size || config->magic != expected.magic || config->version != expected.version || config->blocking != 0)
        return refuse(ncclInvalidArgument, "a wrong configuration");
    if (!current)
        return refuse(ncclUnhandledCudaError, "no device is current");
    if (!found->second) {
        found->second = std::make_shared<Ranks>();
        found->second->world = world;
    }

    const auto ranks = found->second;
    auto communicator = std::make_unique<ncclComm>(ncclComm{ranks, rank, current, ncclInProgress, value("polls"), false, false});
    *created = communicator.get();
    communicators[*created] = std::move(communicator);
    if (ranks->world != world || rank < 0 || rank >= world || ranks->members.count(rank))
        return refuse((*created)->state = ncclInvalidArgument, "a wrong rank or world");
    ranks->members[rank] = *created;
    for (const auto& member : ranks->members)
        if (member.first != rank && member.second->context == current)
            fail(*ranks, "Duplicate GPU detected : two ranks on one CUDA device");
    if (static_cast<int>(ranks->members.size()) == world)
        for (const auto& member : ranks->members)
            if (member.second->state == ncclInProgress)
                member.second->state = ncclSuccess;
    return ncclInProgress;
}

EXPORT ncclResult_t ncclCommFinalize(ncclComm_t communicator) {
    std::lock_guard lock(gate);
    if (!is_alive(communicator))
        return refuse(ncclInvalidArgument, "this communicator is gone");
    trace("complete");
    communicator->state = ncclInProgress;
    if (++communicator->ranks->leaving == communicator->ranks->world)
        for (const auto& member : communicator->ranks->members) {
            member.second->state = ncclSuccess;
            member.second->isComplete = true;
        }
    return ncclInProgress;
}

EXPORT ncclResult_t ncclCommDestroy(ncclComm_t communicator) {
    std::lock_guard lock(gate);
    if (!is_alive(communicator) || !communicator->isComplete)
        return refuse(ncclInvalidUsage, "destroyed before it was complete");
    trace("destroy");
    communicators.erase(communicator);
    return ncclSuccess;
}

EXPORT ncclResult_t ncclCommAbort(ncclComm_t communicator) {
    std::lock_guard lock(gate);
    called(__func__);
    if (!is_alive(communicator))
        return refuse(ncclInvalidArgument, "this communicator is gone");
    if (!current)
        return refuse(ncclUnhandledCudaError, "no device is current");
    trace("abort");
    communicators.erase(communicator);
    // What hung on the GPU has ended.
    values["stuck"] = 0;
    return ncclSuccess;
}

EXPORT ncclResult_t ncclCommGetAsyncError(ncclComm_t communicator, ncclResult_t* state) {
    if (const int failure = called(__func__))
        return static_cast<ncclResult_t>(failure);
    std::lock_guard lock(gate);
    if (!is_alive(communicator))
        return refuse(ncclInvalidArgument, "this communicator is gone");
    if (value("asyncError")) {
        complaint = "connection closed by remote peer";
        *state = static_cast<ncclResult_t>(value("asyncError"));
        return ncclSuccess;
    }

    *state = communicator->state == ncclSuccess && communicator->polls-- > 0 ? ncclInProgress : communicator->state;
    if (*state != ncclInProgress && communicator->isBusy) {
        communicator->isBusy = false;
        trace("settled");
    }

    return ncclSuccess;
}

EXPORT const char* ncclGetErrorString(ncclResult_t result) {
    return result == ncclInvalidUsage ? "invalid usage"
        : result == ncclRemoteError   ? "remote process exited or there was a network error"
        : result == ncclSystemError   ? "unhandled system error"
                                      : "some error";
}

EXPORT const char* ncclGetLastError(ncclComm_t) {
    std::lock_guard lock(gate);
    thread_local std::string last;
    last = complaint;
    return last.c_str();
}

EXPORT ncclResult_t ncclGroupStart() {
    if (const int failure = called(__func__))
        return refuse(static_cast<ncclResult_t>(failure), "as a test asks");
    trace("group");
    depth++;
    return ncclSuccess;
}

EXPORT ncclResult_t ncclGroupEnd() {
    const int failure = called(__func__);
    trace("end of group");
    depth--;
    const auto asked = std::move(pending);
    pending.clear();
    if (failure)
        return refuse(static_cast<ncclResult_t>(failure), "as a test asks");
    if (asked.empty())
        return ncclSuccess;
    std::lock_guard lock(gate);
    const auto communicator = asked[0].communicator;
    communicator->state = ncclInProgress;
    communicator->polls = value("polls");
    communicator->isBusy = true;
    communicator->ranks->asked[communicator->rank].push_back(asked);
    go_on(*communicator->ranks);
    return ncclInProgress;
}

EXPORT ncclResult_t ncclAllReduce(
    const void* send, void* receive, size_t count, ncclDataType_t type, ncclRedOp_t op, ncclComm_t communicator, cudaStream_t inStream) {
    return op == ncclSum ? ask(__func__, send, receive, count, type, 0, communicator, inStream) : ncclInvalidArgument;
}

EXPORT ncclResult_t ncclReduce(
    const void* send, void* receive, size_t count, ncclDataType_t type, ncclRedOp_t op, int root, ncclComm_t communicator,
    cudaStream_t inStream) {
    return op == ncclSum ? ask(__func__, send, receive, count, type, root, communicator, inStream) : ncclInvalidArgument;
}

EXPORT ncclResult_t ncclBroadcast(
    const void* send, void* receive, size_t count, ncclDataType_t type, int root, ncclComm_t communicator, cudaStream_t inStream) {
    return ask(__func__, send, receive, count, type, root, communicator, inStream);
}

EXPORT ncclResult_t ncclReduceScatter(
    const void* send, void* receive, size_t count, ncclDataType_t type, ncclRedOp_t op, ncclComm_t communicator, cudaStream_t inStream) {
    return op == ncclSum ? ask(__func__, send, receive, count, type, 0, communicator, inStream) : ncclInvalidArgument;
}

EXPORT ncclResult_t ncclAllGather(
    const void* send, void* receive, size_t count, ncclDataType_t type, ncclComm_t communicator, cudaStream_t inStream) {
    return ask(__func__, send, receive, count, type, 0, communicator, inStream);
}
